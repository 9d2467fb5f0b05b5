import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { createStaffAuth } from "#app/domain/access/auth.server.ts";
import {
  addStaff,
  createSetUpLink,
  grantPermission,
  redeemSetUpLink,
} from "#app/domain/access/commands.server.ts";
import { hasStaff } from "#app/domain/access/queries.server.ts";
import { findSetUpLink } from "#app/domain/access/set-up.server.ts";
import { coHost, setUpLink, staffPermission, user } from "#db/schema/index.ts";
import { testContext } from "#tests/support/context.ts";

const PASSWORD = "four unrelated words here";
const SIDE = { nameEn: "Riverbend Committee", nameZh: "河湾委员会" };

async function link(ctx: ReturnType<typeof testContext>, grant = {}) {
  const url = await createSetUpLink(ctx, grant);
  return url.split("/").at(-1) ?? "";
}

function redeem(ctx: ReturnType<typeof testContext>, token: string, email: string) {
  return redeemSetUpLink(ctx, { token, name: "Mei", email, password: PASSWORD, side: SIDE });
}

test("the first link makes the first login, its side, and its lead in all editions", async () => {
  const ctx = testContext();
  const url = await createSetUpLink(ctx, {});
  expect(url).toMatch(/^https:\/\/dialogue\.example\/staff\/set-up\/[\w-]{22}$/);
  expect(hasStaff(ctx)).toBe(false);
  const done = await redeem(ctx, url.split("/").at(-1) ?? "", "Mei@Example.com");
  expect(done.ok).toBe(true);
  expect(ctx.db.orm.select().from(coHost).all()).toMatchObject([SIDE]);
  expect(ctx.db.orm.select().from(staffPermission).all()).toMatchObject([
    { editionId: null, permission: "lead" },
  ]);
  const auth = createStaffAuth(ctx);
  const signedIn = await auth.signIn(new Headers(), { email: "mei@example.com", password: PASSWORD });
  expect(signedIn.state).toBe("signed_in");
});

test("of twenty who open one link at once, one gets the login", async () => {
  const ctx = testContext();
  const token = await link(ctx);
  const done = await Promise.all(
    Array.from({ length: 20 }, (_, index) => redeem(ctx, token, `n${index}@example.com`)),
  );
  expect(done.filter((one) => one.ok)).toHaveLength(1);
  expect(done.filter((one) => !one.ok && one.refusal === "link_dead")).toHaveLength(19);
  expect(ctx.db.orm.select().from(user).all()).toHaveLength(1);
  expect(ctx.db.orm.select().from(coHost).all()).toHaveLength(1);
});

test("all links of the first start die with the first login", async () => {
  const ctx = testContext();
  const [one, two] = [await link(ctx), await link(ctx)];
  await redeem(ctx, one, "mei@example.com");
  expect(findSetUpLink(ctx, two)).toBeNull();
  expect(await redeem(ctx, two, "other@example.com")).toEqual({ ok: false, refusal: "link_dead" });
});

test("a link dies after a week, and a wrong one opens nothing", async () => {
  const ctx = testContext();
  const token = await link(ctx);
  expect(findSetUpLink(ctx, `${token}x`)).toBeNull();
  ctx.clock.advance(7 * 24 * 60 * 60_000);
  expect(findSetUpLink(ctx, token)).toBeNull();
});

test("only the hash of a link is kept", async () => {
  const ctx = testContext();
  const token = await link(ctx);
  expect(JSON.stringify(ctx.db.orm.select().from(setUpLink).all())).not.toContain(token);
});

test("a link for a colleague gives exactly what it was made for", async () => {
  const ctx = testContext();
  await redeem(ctx, await link(ctx), "mei@example.com");
  const [side] = ctx.db.orm.select().from(coHost).all();
  const access = { coHostId: side?.id ?? "", editionId: null, permissions: ["mail", "agenda"] };
  const token = await link(ctx, { name: "Li", email: "li@example.com", access });
  const done = await redeemSetUpLink(ctx, {
    token,
    name: "Li",
    email: "li@example.com",
    password: PASSWORD,
    side: { nameEn: "Another", nameZh: "另一方" },
  });
  if (!done.ok) throw new Error(done.refusal);
  const given = ctx.db.orm
    .select({ permission: staffPermission.permission })
    .from(staffPermission)
    .where(eq(staffPermission.userId, done.value.userId))
    .all();
  expect(given.map(({ permission }) => permission)).toEqual(["mail", "agenda"]);
  expect(ctx.db.orm.select().from(coHost).all()).toHaveLength(1);
});

test("a refused form leaves the link alive", async () => {
  const ctx = testContext();
  const token = await link(ctx);
  const form = { token, name: "Mei", email: "mei@example.com", password: PASSWORD, side: SIDE };
  expect(await redeemSetUpLink(ctx, { ...form, password: "too short" })).toMatchObject({ ok: false });
  expect(await redeemSetUpLink(ctx, { ...form, side: null })).toMatchObject({ refusal: "side_missing" });
  expect(await redeemSetUpLink(ctx, { ...form, side: { coHostId: "none" } })).toMatchObject({
    refusal: "side_missing",
  });
  expect(ctx.db.orm.select().from(coHost).all()).toEqual([]);
  expect(await redeemSetUpLink(ctx, form)).toMatchObject({ ok: true });
});

test("an address has one login, however it is written", async () => {
  const ctx = testContext();
  const mei = { name: "Mei", email: "mei@example.com", password: PASSWORD };
  expect(await addStaff(ctx, mei)).toMatchObject({ ok: true });
  expect(await addStaff(ctx, { ...mei, email: " MEI@example.com" })).toEqual({
    ok: false,
    refusal: "email_taken",
  });
  expect(await addStaff(ctx, { ...mei, email: "b@example.com", password: "eleven char" })).toEqual({
    ok: false,
    refusal: "password_length",
  });
});

test("a permission is given once, and only where there is something to give it for", async () => {
  const ctx = testContext();
  await redeem(ctx, await link(ctx), "mei@example.com");
  const [mei] = ctx.db.orm.select().from(user).all();
  const [side] = ctx.db.orm.select().from(coHost).all();
  const grant = {
    userId: mei?.id ?? "",
    coHostId: side?.id ?? "",
    editionId: null,
    permission: "mail" as const,
  };
  await grantPermission(ctx, grant);
  await grantPermission(ctx, grant);
  expect(ctx.db.orm.select().from(staffPermission).all()).toHaveLength(2);
  expect(await grantPermission(ctx, { ...grant, coHostId: "none" })).toMatchObject({ ok: false });
});
