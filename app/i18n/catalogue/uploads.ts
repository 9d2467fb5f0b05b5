/** Files and portraits that people hand in. */
export const uploads = {
  "fileKind.pdf": ["PDF", "PDF"],
  "fileKind.office": ["Word, PowerPoint or Excel", "Word、PowerPoint或Excel"],
  "fileKind.image": ["JPEG or PNG picture", "JPEG或PNG图片"],
  "upload.help": ["{kinds}; at most {most, number} MB.", "{kinds}；不超过{most, number} MB。"],
  "upload.portraitHelp": [
    "A JPEG or PNG picture of you, {pixels, number} pixels or more on its shorter side, at most {most, number} MB. It is cut square; place and camera are removed from it.",
    "本人照片，JPEG或PNG格式，短边不少于{pixels, number}像素，不超过{most, number} MB。系统将裁为正方形，并去除拍摄地点和设备信息。",
  ],
  "upload.replaces": ["A new one takes its place.", "重新上传将替换原文件。"],
  "upload.named": ["{title} ({kind}, {size})", "{title}（{kind}，{size}）"],
  "upload.nameless": ["{kind}, {size}", "{kind}，{size}"],
  "upload.megabytes": ["{size, number} MB", "{size, number} MB"],
  "upload.kilobytes": ["{size, number} KB", "{size, number} KB"],
  "upload.some": ["a file", "已提交文件"],
  "upload.take": ["Download", "下载"],
  "upload.takeOf": ["Download: {name}", "下载：{name}"],
  "upload.refused": [
    "The file was not shown: give a reason and your password.",
    "未能取出文件：请填写原因并输入密码。",
  ],
  "upload.crop": [
    "Choose what is to be seen: drag in the picture, or move the sliders.",
    "请选择显示范围：在图中拖动，或移动滑块。",
  ],
  "upload.cropAcross": ["From left to right", "左右位置"],
  "upload.cropDown": ["From top to bottom", "上下位置"],
  "upload.cropSize": ["How much of it", "范围大小"],
  "upload.error.large": [
    "This file is too large. Please send a smaller one.",
    "文件过大，请上传较小的文件。",
  ],
  "upload.error.empty": ["This file is empty.", "文件为空。"],
  "upload.error.kind": [
    "This kind of file is not taken here. What counts is what is in it, not its name.",
    "此处不接受该类型的文件（以文件内容为准，而非文件名）。",
  ],
  "upload.error.notPicture": ["Please send a picture: JPEG or PNG.", "请上传JPEG或PNG图片。"],
  "upload.error.damaged": [
    "This file is damaged, or has something else hidden in it. Please save it anew and send it again.",
    "文件已损坏，或夹带其他内容。请重新保存后再上传。",
  ],
  "upload.error.active": [
    "There is a program in this file. Please send it without macros, scripts and embedded files.",
    "文件中含有程序。请去除宏、脚本和嵌入文件后再上传。",
  ],
  "upload.error.bomb": [
    "Unpacked, this file would be far too large. Please save it anew and send it again.",
    "文件解压后过大。请重新保存后再上传。",
  ],
  "upload.error.locked": [
    "This file has a password. Please send it without.",
    "文件设有密码，请取消密码后再上传。",
  ],
  "upload.error.pixels": [
    "This picture has too many pixels. Please send a smaller one.",
    "图片像素过多，请上传较小的图片。",
  ],
  "upload.error.small": [
    "This picture is too small to be printed: its shorter side needs 600 pixels.",
    "图片过小，无法印刷：短边须不少于600像素。",
  ],
  "upload.error.harmful": ["This file was found to be harmful.", "检测发现该文件有害。"],
  "upload.error.notScanned": [
    "The file could not be checked just now. Please send it again a little later.",
    "暂时无法检测该文件，请稍后重新上传。",
  ],
  "upload.error.tooMuch": [
    "Together your files are too large. Please remove one first.",
    "您提交的文件总量过大，请先删除部分文件。",
  ],
  "upload.error.closed": ["Files can no longer be handed in.", "已不能提交文件。"],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
