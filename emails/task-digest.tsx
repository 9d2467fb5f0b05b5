import { moment } from "../app/i18n/dates.ts";
import { Bullets, Heading, In, OwnLink, Paragraph } from "./layout.tsx";
import type { TaskDigestMail } from "./payload.ts";
import { dotted, linkText, pick, plain, type Writing } from "./words.ts";

type Task = TaskDigestMail["tasks"][number];

/** What others must have soon, each morning, to those of a side's staff who want it. */
export const taskDigest = {
  subject({ locale, t }: Writing, { edition, tasks }: TaskDigestMail): string {
    return t("mail.tasks.subject", {
      city: pick(locale, edition.cityEn, edition.cityZh).text,
      year: edition.startsOn.slice(0, 4),
      count: tasks.length,
    });
  },

  text(writing: Writing, mail: TaskDigestMail): Array<string> {
    const { t, links } = writing;
    return [
      ...groups(mail).flatMap(({ overdue, tasks }) => [
        t(overdue ? "mail.tasks.overdue" : "mail.tasks.coming"),
        ...tasks.map((task) => `- ${line(writing, mail, task)}`),
        "",
      ]),
      ...linkText(writing, t("mail.tasks.open"), links.desk),
      "",
      t("mail.tasks.stop"),
    ];
  },

  Part({ writing, mail }: { writing: Writing; mail: TaskDigestMail }) {
    const { locale, t, links } = writing;
    return (
      <>
        {groups(mail).map(({ overdue, tasks }) => (
          <div key={String(overdue)}>
            <Heading>{t(overdue ? "mail.tasks.overdue" : "mail.tasks.coming")}</Heading>
            <Bullets
              items={tasks.map((task) => (
                <In
                  key={line(writing, mail, task)}
                  run={{ text: line(writing, mail, task), locale }}
                  page={locale}
                />
              ))}
            />
          </div>
        ))}
        <OwnLink href={links.desk}>{t("mail.tasks.open")}</OwnLink>
        <Paragraph>{t("mail.tasks.stop")}</Paragraph>
      </>
    );
  },
};

function groups({ tasks }: TaskDigestMail): Array<{ overdue: boolean; tasks: ReadonlyArray<Task> }> {
  return [true, false]
    .map((overdue) => ({ overdue, tasks: tasks.filter((task) => task.overdue === overdue) }))
    .filter((group) => group.tasks.length > 0);
}

/** "Clearance list, Court: by Mon, Nov 19, 18:00 Beijing time · Grace Mockup". */
function line(writing: Writing, { edition }: TaskDigestMail, task: Task): string {
  const { locale, t } = writing;
  const due = t("mail.tasks.due", {
    what: whatOf(writing, task),
    when: moment(task.at, edition.timeZone, locale),
  });
  return dotted(writing, [due, task.owner === "" ? t("mail.tasks.nobody") : plain(task.owner)]);
}

function whatOf({ locale, t }: Writing, { kind, title, hostEn, hostZh }: Task): string {
  if (kind === "own") return plain(title);
  if (kind === "clearance" || kind === "rooming")
    return t(`overview.deadline.${kind}`, { host: pick(locale, hostEn, hostZh).text });
  return t(`overview.deadline.${kind}`);
}
