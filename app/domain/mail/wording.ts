/** What an agenda mail says until staff word it otherwise. Placeholders are those of the invitation. */
export function proposedWording(version: number | null): {
  subjectEn: string;
  subjectZh: string;
  bodyEn: string;
  bodyZh: string;
} {
  const number = version === null ? "" : String(version);
  return {
    subjectEn: number === "" ? "Your programme in {city}" : `Your programme in {city}, version ${number}`,
    subjectZh: number === "" ? "您的{city}日程" : `您的{city}日程（第${number}版）`,
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
