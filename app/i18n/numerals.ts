const DIGITS = "〇一二三四五六七八九";

/** A number as Chinese counts editions: 8 is 八, 12 is 十二, 20 is 二十. From a hundred on it stays as it is. */
export function chineseNumeral(number: number): string {
  if (!Number.isInteger(number) || number < 1 || number > 99) return String(number);
  const tens = Math.floor(number / 10);
  const ones = number % 10;
  const before = tens === 0 ? "" : `${tens === 1 ? "" : DIGITS.charAt(tens)}十`;
  return before + (ones === 0 ? "" : DIGITS.charAt(ones));
}
