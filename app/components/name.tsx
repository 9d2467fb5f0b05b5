import { NativeName } from "./text.tsx";

type NameForms = { familyLatin: string; givenLatin: string; nameLatin: string; nameNative: string };

/**
 * A name as it stands in a list that is sorted by family names: family name first, the name in its own script beneath.
 * Nothing is re-cased; names that their owners write family name first stay as they are.
 */
export function ListName({ person }: { person: NameForms }) {
  const { familyLatin, givenLatin, nameLatin, nameNative } = person;
  const apart = familyLatin !== "" && givenLatin !== "" && !nameLatin.startsWith(familyLatin);
  const latin = apart ? `${familyLatin}, ${givenLatin}` : nameLatin;
  if (latin === "") return <NativeName>{nameNative}</NativeName>;
  return (
    <>
      <bdi>{latin}</bdi>
      {nameNative === "" ? null : (
        <span className="second-line">
          <NativeName>{nameNative}</NativeName>
        </span>
      )}
    </>
  );
}

/** Both forms of a name on one line. */
export function BothNames({ person }: { person: Pick<NameForms, "nameLatin" | "nameNative"> }) {
  return (
    <>
      <bdi>{person.nameLatin}</bdi>
      {person.nameLatin !== "" && person.nameNative !== "" ? " " : null}
      <NativeName>{person.nameNative}</NativeName>
    </>
  );
}
