import { Outlet } from "@remix-run/react";
import { LanguageSwitch, Mark, SkipLink } from "../../components/page.tsx";
import { useT } from "../../i18n/react.tsx";
import { paths } from "../../paths.ts";

/** The frame of the built-in mailbox. */
export default function MailboxLayout() {
  const t = useT();
  return (
    <>
      <SkipLink />
      <header className="letterhead">
        <Mark />
        <div>
          <strong>
            <a href={paths.mailbox()}>{t("mailbox.title")}</a>
          </strong>
          <span className="small muted letterhead-host">{t("mailbox.help")}</span>
        </div>
        <LanguageSwitch />
      </header>
      <main className="mailbox" id="content" tabIndex={-1}>
        <Outlet />
      </main>
    </>
  );
}
