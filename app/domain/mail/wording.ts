import { asOneLine } from "../invitation/text.ts";

/** What an agenda mail says until staff word it otherwise. Placeholders are those of the invitation. */
export function proposedWording({
  version,
  cityEn,
  cityZh,
}: {
  /** The newest published programme's number, if there is one. */
  version: number | null;
  cityEn: string;
  cityZh: string;
}): { subjectEn: string; subjectZh: string; bodyEn: string; bodyZh: string } {
  const en = asOneLine(cityEn || cityZh);
  const zh = asOneLine(cityZh || cityEn);
  return {
    subjectEn: version === null ? `Your programme in ${en}` : `Your programme in ${en}, version ${version}`,
    subjectZh: version === null ? `您的${zh}日程` : `您的${zh}日程（第${version}版）`,
    bodyEn: [
      "Please find below your own programme of the {event}, as it now stands.",
      "Please check the times, and bring your passport on the days of site visits. If anything is not right for you, let us know.",
    ].join("\n\n"),
    bodyZh: [
      "现将您参加{event}的个人日程发送如下，请以本版为准。",
      "请核对各项时间；参观当日请携带有效证件原件。如有不便，请及时与秘书处联系。",
    ].join("\n\n"),
  };
}
