import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { WorkHeading } from "../../components/desk.tsx";
import { Verbatim } from "../../components/verbatim.tsx";
import { notFound, staffEdition } from "../../context.server.ts";
import { previewNotice } from "../../domain/agenda/notice-preview.server.ts";
import { useT } from "../../i18n/react.tsx";
import { htmlLang, translate } from "../../i18n/translate.ts";
import { paths } from "../../paths.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: translate(page?.locale ?? "en", "notices.previewTitle") },
];

export async function loader(args: LoaderFunctionArgs) {
  const { ctx, edition, locale } = await staffEdition(args, ["agenda", "mail"]);
  const invitationId = args.params.invitation ?? "";
  const ofDraft = new URL(args.request.url).searchParams.get("of") === "draft";
  const preview = previewNotice(ctx, { invitationId, ofDraft });
  if (preview === null) throw notFound();
  const { html: _html, locale: mailLocale, ...mail } = preview;
  return { locale, slug: edition.slug, invitationId, ofDraft, mailLocale, mail };
}

/** A change notice as one person would get it: their language first, the other below. */
export default function ChangeNotice() {
  const { slug, invitationId, ofDraft, mailLocale, mail } = useLoaderData<typeof loader>();
  const t = useT();
  const person = `${mail.nameLatin} ${mail.nameNative}`.trim();
  const query = ofDraft ? "?of=draft" : "";
  return (
    <>
      <WorkHeading
        actions={
          <a className="button quiet" href={ofDraft ? paths.publishAgenda(slug) : paths.changeNotices(slug)}>
            {t("notices.back")}
          </a>
        }
      >
        {t("notices.preview", { person })}
      </WorkHeading>
      <p>
        <span className="muted">{t("notices.subject")}</span>{" "}
        <strong lang={htmlLang(mailLocale)}>{mail.subject}</strong>
      </p>
      <iframe
        className="mail-frame"
        title={t("notices.frame")}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        src={`${paths.changeNoticeHtml(slug, invitationId)}${query}`}
      />
      <details className="mail-more">
        <summary>{t("notices.plain")}</summary>
        <Verbatim label={t("notices.plain")} lang={htmlLang(mailLocale)} text={mail.text} />
      </details>
    </>
  );
}
