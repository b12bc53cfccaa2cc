// What the server sends to the pages, and what the pages pass on among themselves.

export type Relation = "" | "same_carving" | "same_character" | "variant";
export type Verdict = "match" | "none" | "unsure" | "skip" | "withdrawn";

export interface Reading {
  language: string;
  text: string;
}

/** A block of the gallery, as `item_body` of webapp/review writes it. Pictures are addresses. */
export interface Item {
  id: number;
  name: string;
  character: string;
  codepoint: string;
  glyph: string | null;
  readings: Reading[];
  page: string;
  thumbnail: string | null;
  print: string | null;
  mirrored: boolean;
  viewer: string | null;
}

/** Where a block lies on a picture, as `Fit` of webapp/search tells it. */
export interface Fit {
  transform: number[];
  agreement?: number | null;
  residual?: number | null;
  by: "worker" | "person";
}

/** distance, confidence and fit are null on a blind card, and proposed is ""; gone: no longer in the gallery. */
export interface Suggestion {
  rank: number;
  item: Item;
  distance: number | null;
  confidence: number | null;
  mirrored: boolean;
  fit?: Fit | null;
  proposed?: Relation | "cannot_tell";
  /** Whether it was moved up, since the block that printed the page has it in this place. */
  placed?: boolean;
  gone: boolean;
  exemplar: { name: string | null; image: string | null } | null;
}

/** A match besides the first one; found: its item where it is none of the suggestions. */
export interface FurtherMatch {
  item: number;
  relation: Relation;
  fit?: Fit | null;
  found?: Item | null;
}

/** An answer as a card shows it; found: the item that was found by hand. */
export interface Decision {
  verdict: Verdict;
  item?: number | null;
  reason?: string;
  relation?: Relation;
  fit?: Fit | null;
  comment?: string;
  also?: FurtherMatch[];
  flag?: boolean;
  found?: Item | null;
}

export interface Comment {
  who: string;
  text: string;
  created: string;
}

/** One query as it lies before one person, as `card_body` of webapp/review writes it. */
export interface Card {
  id: number;
  name: string;
  image: string | null;
  width: number | null;
  height: number | null;
  answered: boolean;
  answer: string;
  remark: string;
  suggestions: Suggestion[];
  decision: Decision | null;
  found: Item | null;
  candidates: string;
  carvings: string;
  further: number;
  /** Whether each suggestion is to be seen laid over the picture. */
  glance?: boolean;
  version: string;
  blind: boolean;
  settled: boolean;
  flagged: boolean;
  comments: Comment[];
  others: { who: string; verdict: Verdict; item: { character: string } | null; reason: string }[] | null;
  sent_back: Comment | null;
}

/** What the overlay, the finder and the viewer need of a card. */
export type ShownCard = Pick<
  Card,
  "id" | "name" | "image" | "width" | "height" | "suggestions" | "candidates" | "blind" | "glance"
>;

/** A reason why nothing matches: its name, its key, and its text. */
export interface Reason {
  id: string;
  key: string;
  label: string;
}

/** A key of a page: its name, its usual keys, its line in the list on "?", and what it does. */
export interface Action {
  id: string;
  keys: string[];
  label: string;
  act: () => unknown;
  /** Whether holding the key down goes on doing it. */
  repeats?: boolean;
  /** Whether its keys are its own for good: somebody else hears them. */
  fixed?: boolean;
}

/** What a browser keeps: localStorage, sessionStorage, or a map in a test. */
export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** Where something lies on a page, in pixels of the page as it is shown. */
export interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Point {
  x: number;
  y: number;
}

export type BoxState = "waiting" | "rejected" | "suggested" | "answered" | "disputed" | "settled" | "not_character";
export type BoxKind = "main" | "note" | "head" | "fold" | "margin";

/** One character's place on a page; card: the address of its review, once it has one. */
export interface PageBox extends Rect {
  id: number;
  column: number;
  order: number;
  kind: BoxKind;
  source: "model" | "person" | "import";
  score: number | null;
  state: BoxState;
  character: string;
  proposal: string;
  suggested: string;
  moved: boolean;
  card: string | null;
}

/** Where a picture stands on its page, with the boxes around it in its column; doors: the address of the page. */
export interface PagePlace {
  address: string;
  doors: string;
  width: number;
  height: number;
  tiles: string;
  box: number;
  boxes: PageBox[];
}

/** One step of an edit, as the door for edits takes it. */
export type Operation =
  | ({ op: "move"; box: number } & Rect)
  | ({ op: "add"; after: number | null } & Rect)
  | { op: "delete" | "restore" | "merge"; boxes: number[] }
  | { op: "order"; boxes: number[]; column?: number }
  | { op: "split"; box: number; at?: number[] }
  | { op: "not_character"; boxes: number[]; value: boolean }
  | { op: "kind"; boxes: number[]; kind: BoxKind };

export type PageState = "waiting" | "ready" | "rejected";

/** What every door of a page answers: what has changed, and which boxes are no more. */
export interface PageChanges {
  version: number;
  boxes: PageBox[];
  removed: number[];
  /** Which edit it was, where it answers one. */
  edit?: number | null;
  state?: PageState;
  /** What was found and said of the boxes, as a digest. */
  seen?: string;
  jobs?: { waiting: number };
}

/** A whole page, as the door for boxes gives it; tiles: an address with {level}, {column} and {row}. */
export interface PageBoxes {
  version: number;
  state?: PageState;
  seen?: string;
  finding?: string;
  width: number;
  height: number;
  angle: number;
  tiles: string;
  boxes: PageBox[];
  jobs: { waiting: number };
  can_edit: boolean;
}
