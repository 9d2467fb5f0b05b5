import { useSubmit } from "@remix-run/react";
import { type ReactNode, useEffect, useState } from "react";
import { useT } from "../i18n/react.tsx";
import { TableFrame } from "./desk.tsx";

/*
 * The people of a delegation in their protocol order. Without JavaScript: buttons for one place up and down, and fields
 * for a place by its number. With it: rows can be dragged, too. All of it sends the order that was shown.
 */

export type OrderedRow = {
  id: string;
  /** The person's name, for what is read out. */
  name: string;
  /** The cells after the place. */
  cells: ReactNode;
};

const FORM = "protocol-order";

/**
 * @param head the headings of the cells after the place
 * @param placeField name of the field in which a person's place is typed; null: the order can only be read
 */
export function ProtocolOrderTable({
  rows,
  head,
  label,
  placeField,
}: {
  rows: ReadonlyArray<OrderedRow>;
  head: ReactNode;
  label: string;
  placeField: ((id: string) => string) | null;
}) {
  const t = useT();
  const drag = useDrag(rows.map((row) => row.id));
  const shown = drag.order.flatMap((id) => rows.filter((row) => row.id === id));
  return (
    <>
      {placeField === null ? null : (
        <form method="post" id={FORM}>
          {rows.map((row) => (
            <input type="hidden" key={row.id} name="from" value={row.id} />
          ))}
          {/* Enter in a field presses the first button of its form. */}
          <button className="visually-hidden" type="submit" name="move" value="places" tabIndex={-1}>
            {t("order.apply")}
          </button>
        </form>
      )}
      <TableFrame label={label}>
        <table className="fit protocol">
          <thead>
            <tr>
              <th scope="col">{t("order.place")}</th>
              {head}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => (
              <tr
                key={row.id}
                id={`p-${row.id}`}
                className={drag.held === row.id ? "held" : undefined}
                {...drag.target(row.id)}
              >
                <td className="protocol-place">
                  {placeField === null ? (
                    index + 1
                  ) : (
                    <Place
                      row={row}
                      place={index + 1}
                      count={rows.length}
                      field={placeField(row.id)}
                      handle={drag.handle(row.id)}
                    />
                  )}
                </td>
                {row.cells}
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </>
  );
}

/** Puts everybody where the typed numbers say. */
export function ApplyPlaces() {
  const t = useT();
  return (
    <button className="button quiet" type="submit" form={FORM} name="move" value="places">
      {t("order.apply")}
    </button>
  );
}

function Place({
  row,
  place,
  count,
  field,
  handle,
}: {
  row: OrderedRow;
  place: number;
  count: number;
  field: string;
  handle: ReactNode;
}) {
  const t = useT();
  return (
    <div className="place-controls">
      {handle}
      <input
        key={place}
        form={FORM}
        name={field}
        type="number"
        min={1}
        max={count}
        defaultValue={place}
        aria-label={t("order.placeOf", { name: row.name })}
      />
      <button
        className="button quiet small"
        type="submit"
        form={FORM}
        name="move"
        value={`up:${row.id}`}
        disabled={place === 1}
        aria-label={t("order.up", { name: row.name })}
      >
        <span aria-hidden="true">↑</span>
      </button>
      <button
        className="button quiet small"
        type="submit"
        form={FORM}
        name="move"
        value={`down:${row.id}`}
        disabled={place === count}
        aria-label={t("order.down", { name: row.name })}
      >
        <span aria-hidden="true">↓</span>
      </button>
    </div>
  );
}

/** Dragging rows about; what it comes to is sent when the row is let go. */
function useDrag(stored: ReadonlyArray<string>) {
  const submit = useSubmit();
  const [ready, setReady] = useState(false);
  const [held, setHeld] = useState<string | null>(null);
  const [order, setOrder] = useState(stored);
  const [known, setKnown] = useState(stored);
  useEffect(() => setReady(true), []);
  if (known.join() !== stored.join()) {
    setKnown(stored);
    setOrder(stored);
  }
  const letGo = () => {
    setHeld(null);
    if (order.join() === stored.join()) return;
    const form = new FormData();
    for (const id of stored) form.append("from", id);
    for (const id of order) form.append("to", id);
    submit(form, { method: "post", preventScrollReset: true });
  };
  return {
    order,
    held,
    handle: (id: string) =>
      ready ? (
        <span
          className="drag-handle"
          aria-hidden="true"
          draggable
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = "move";
            // Some browsers drag nothing that has no data.
            event.dataTransfer.setData("text/plain", "");
            setHeld(id);
          }}
          onDragEnd={letGo}
        >
          ⠿
        </span>
      ) : null,
    target: (id: string) => ({
      onDragOver: (event: { preventDefault(): void }) => {
        if (held === null) return;
        event.preventDefault();
        if (held === id) return;
        const rest = order.filter((other) => other !== held);
        const place = order.indexOf(id);
        setOrder([...rest.slice(0, place), held, ...rest.slice(place)]);
      },
      onDrop: (event: { preventDefault(): void }) => event.preventDefault(),
    }),
  };
}
