import { delegation, edition, invitation, person } from "#db/schema/index.ts";

/** What a mail to a person is written from: name, salutation, post and invitation. For `select`, with these tables joined. */
export const letterColumns = {
  invitationId: invitation.id,
  delegationId: invitation.delegationId,
  delegationEn: delegation.nameEn,
  delegationZh: delegation.nameZh,
  category: invitation.category,
  invitedAs: invitation.invitedAs,
  number: invitation.number,
  tokenRevokedAt: invitation.tokenRevokedAt,
  email: person.email,
  locale: person.locale,
  familyLatin: person.familyLatin,
  nameLatin: person.nameLatin,
  familyNative: person.familyNative,
  nameNative: person.nameNative,
  honorificEn: person.honorificEn,
  honorificZh: person.honorificZh,
  salutationEn: person.salutationEn,
  salutationZh: person.salutationZh,
  institutionEn: person.institutionEn,
  institutionZh: person.institutionZh,
  positionEn: person.positionEn,
  positionZh: person.positionZh,
  costsEn: edition.costsEn,
  costsZh: edition.costsZh,
};
