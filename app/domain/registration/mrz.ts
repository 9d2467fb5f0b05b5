/**
 * The machine-readable lines at the foot of a passport (ICAO Doc 9303, two lines of 44). Whoever copies the lower one
 * gives us four check digits, and with them the certainty that number, birth and expiry were read rightly.
 */
import type { MessageKey } from "../../i18n/translate.ts";

const WEIGHTS = [7, 3, 1] as const;
const LINE = 44;

function weightOf(character: string): number {
  if (character === "<") return 0;
  return /\d/.test(character) ? Number(character) : character.charCodeAt(0) - 55;
}

/** The check digit of a stretch of a line: digits as they are, A–Z from 10, the filler 0; weights 7, 3, 1. */
export function checkDigit(text: string): string {
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum += weightOf(text.charAt(at)) * (WEIGHTS[at % 3] ?? 0);
  return String(sum % 10);
}

/** `YYMMDD` of a day, as the lines have it. */
function short(day: string): string {
  return day.slice(2).replaceAll("-", "");
}

/**
 * What is wrong with lines as typed; null: nothing. The upper line may be left out. Facts that were typed beside them
 * must say the same; empty ones are not compared.
 */
export function mrzProblem(
  typed: string,
  facts: { number: string; birthDate: string; expiresOn: string },
): MessageKey | null {
  const bare = typed.toUpperCase().replaceAll(/[\s«]/g, "");
  const line = bare.slice(-LINE);
  if (!/^[A-Z0-9<]*$/.test(bare) || (bare.length !== LINE && bare.length !== 2 * LINE))
    return "own.error.mrzShape";
  const at = (from: number, to: number) => line.slice(from, to);
  const fits = (text: string, digit: string) => checkDigit(text) === (digit === "<" ? "0" : digit);
  const whole = at(0, 10) + at(13, 20) + at(21, 43);
  if (
    !fits(at(0, 9), at(9, 10)) ||
    !fits(at(13, 19), at(19, 20)) ||
    !fits(at(21, 27), at(27, 28)) ||
    !fits(at(28, 42), at(42, 43)) ||
    !fits(whole, at(43, 44))
  )
    return "own.error.mrzDigits";
  const same = (fact: string, there: string) => fact === "" || fact === there;
  const fit =
    same(facts.number.toUpperCase(), at(0, 9).replaceAll("<", "")) &&
    same(short(facts.birthDate), at(13, 19)) &&
    same(short(facts.expiresOn), at(21, 27));
  return fit ? null : "own.error.mrzOther";
}
