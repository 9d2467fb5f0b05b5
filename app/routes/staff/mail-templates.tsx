import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import type { Behind } from "#db/vocabulary.ts";
import { TableFrame, WorkHeading } from "../../components/desk.tsx";
import { MailSubject } from "../../components/mail-subject.tsx";
import { Status } from "../../components/page.tsx";
import { Text } from "../../components/text.tsx";
import { staffEdition } from "../../context.server.ts";
import { templateList } from "../../domain/mail/templates.server.ts";
import { useT } from "../../i18n/react.tsx";
import { translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "template.title") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args);
  return { locale, slug: edition.slug, sides: templateList(ctx) };
}

export default function MailTemplates() {
  const { slug, sides } = useLoaderData<typeof loader>();
  const t = useT();
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet small" href={paths.mail(slug)}>
            {t("message.backToMail")}
          </a>
        }
      >
        {t("template.title")}
      </WorkHeading>
      <p className="readable">{t("template.intro")}</p>
      {sides.map((side) => (
        <section className="panel" key={side.sideId}>
          <h2>
            <Text en={side.nameEn} zh={side.nameZh} />
          </h2>
          <TableFrame label={t("template.title")}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t("message.kind")}</th>
                  <th scope="col">{t("message.subject")}</th>
                  <th scope="col">{t("message.when")}</th>
                  <th scope="col">{t("template.parity")}</th>
                </tr>
              </thead>
              <tbody>
                {side.templates.map((one) => (
                  <tr key={one.kind}>
                    <th scope="row">
                      <a href={`${paths.mailTemplate(slug, one.kind)}?side=${side.sideId}`}>
                        {t(`templateKind.${one.kind}`)}
                      </a>
                    </th>
                    <td>
                      <MailSubject {...one} />
                    </td>
                    <td>
                      {one.number === 0
                        ? t("template.shipped")
                        : t("template.version", { number: one.number })}
                    </td>
                    <td>
                      <Parity behind={one.behind} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableFrame>
        </section>
      ))}
    </>
  );
}

function Parity({ behind }: { behind: Behind }) {
  const t = useT();
  return <Status tone={behind === "none" ? "good" : "wait"}>{t(`template.parity.${behind}`)}</Status>;
}
