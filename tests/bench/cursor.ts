import { performance } from "node:perf_hooks";
import { openDatabase } from "#db/client.server.ts";
import { answerWith } from "./processes.ts";
import { cursorQuestion } from "./protocol.ts";

/*
 * What a file of everybody costs that is only read: one statement with the columns of the file, in its order, row by row
 * to the end, with nothing made of them.
 */

const STATEMENT = `select i.id, p.name_latin, p.name_native, p.institution_en, p.institution_zh, p.position_en, p.position_zh,
    p.email, p.phone, i.delegation_id, i.category, i.reply, r.state
  from person p cross join invitation i on i.person_id = p.id
  left join registration r on r.invitation_id = i.id join delegation d on d.id = i.delegation_id
  where i.edition_id = (select id from edition where slug = ?) order by p.sort_key, p.id`;

answerWith((question) => {
  const { file, slug } = cursorQuestion.parse(question);
  const { sqlite } = openDatabase(file);
  try {
    const begin = performance.now();
    let rows = 0;
    for (const row of sqlite.prepare(STATEMENT).raw().iterate(slug)) if (Array.isArray(row)) rows += 1;
    return { rows, seconds: (performance.now() - begin) / 1_000 };
  } finally {
    sqlite.close();
  }
});
