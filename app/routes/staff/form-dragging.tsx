import { useSubmit } from "@remix-run/react";
import {
  createContext,
  type DragEvent,
  type KeyboardEvent,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useT } from "../../i18n/react.tsx";

/* Parts of a form moved by hand: dragged, or with the arrow keys. Without JavaScript there are buttons for it. */

type Kind = "section" | "question" | "row";
type Held = { part: string; kind: Kind };
type Drag = {
  isThere: boolean;
  held: Held | null;
  hold(held: Held | null): void;
  /** Drops what is held before a part. */
  drop(place: { section: string; before: string }): void;
  step(held: Held, direction: "up" | "down"): void;
};

const DragContext = createContext<Drag | null>(null);

export function Dragging({ revision, children }: { revision: number; children: ReactNode }) {
  const submit = useSubmit();
  const [held, hold] = useState<Held | null>(null);
  const [isThere, setThere] = useState(false);
  const focus = useRef("");
  useEffect(() => setThere(true), []);
  // What was moved with a key keeps the focus at its new place, so that it can be moved on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new revision has new places
  useEffect(() => {
    if (focus.current !== "") document.getElementById(`grip-${focus.current}`)?.focus();
    focus.current = "";
  }, [revision]);
  const drag = useMemo<Drag>(() => {
    const send = (fields: Record<string, string>) =>
      submit({ revision: String(revision), ...fields }, { method: "post", preventScrollReset: true });
    return {
      isThere,
      held,
      hold,
      drop({ section, before }) {
        if (held === null || held.part === before) return;
        send({ intent: "place", part: held.part, section, before });
        hold(null);
      },
      step({ part }, direction) {
        focus.current = part;
        send({ intent: "move", part, direction });
      },
    };
  }, [submit, revision, held, isThere]);
  return <DragContext.Provider value={drag}>{children}</DragContext.Provider>;
}

/** What one takes a part by. There only where a script runs. */
export function Grip({ part, name, kind }: Held & { name: string }) {
  const t = useT();
  const drag = useContext(DragContext);
  if (drag?.isThere !== true) return null;
  return (
    <button
      type="button"
      id={`grip-${part}`}
      className="grip"
      draggable
      aria-label={t("builder.grip", { name })}
      title={t("builder.gripHelp")}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", part);
        drag.hold({ part, kind });
      }}
      onDragEnd={() => drag.hold(null)}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
        event.preventDefault();
        drag.step({ part, kind }, event.key === "ArrowUp" ? "up" : "down");
      }}
    >
      <span aria-hidden="true">⠿</span>
    </button>
  );
}

/** Lets a part be dropped before this one, where it may stand there. */
export function useDropPlace({ kind, section, key }: { kind: Kind; section: string; key: string }) {
  const drag = useContext(DragContext);
  const [isOver, setOver] = useState(false);
  if (drag?.isThere !== true) return {};
  const takes = drag.held !== null && drag.held.kind === kind;
  return {
    "data-over": isOver && takes ? "" : undefined,
    onDragOver(event: DragEvent) {
      if (!takes) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave() {
      setOver(false);
    },
    onDrop(event: DragEvent) {
      setOver(false);
      if (!takes) return;
      event.preventDefault();
      event.stopPropagation();
      drag.drop({ section, before: key });
    },
  };
}
