// What the modules pass to each other. Nothing here is in the bundle.

/** One number, or a nested list of them, as Python's tolist() writes an array. */
export type Nested = number | Nested[];
export type Arrays = { x?: Nested; w?: Nested; dy?: Nested };
export type Column = "out" | "tap" | "inp";
/** size, kernel, stride, padding, dilation, mirrored. */
export type Axis = (number | string)[];

/** A product: the output, tap and input cell that meet. */
export interface Row {
  out: number[];
  tap: number[];
  inp: number[];
  padding: boolean;
  unborn: boolean;
  key?: string;
}

export interface AxisMap {
  size: number;
  kernel: number;
  outs: number;
  triples: number[][];
}

/** What follows from the options alone: no value of a cell is in it. */
export interface Layer {
  rows: Row[];
  ghosts: Row[];
  shapes: Record<Column, number[]>;
  filters: number[];
  maps: AxisMap[];
  groups: Record<Column, Map<string, Row[]>>;
  ghostGroups: Record<Column, Map<string, Row[]>>;
  lines: Record<Column, number[][]>;
  lineOf: Record<Column, Map<string, number>>;
}

export interface Preset {
  name: string;
  kind: string;
  axes: Axis[];
  sizes?: Record<string, number>;
  x?: Nested;
  w?: Nested;
  dy?: Nested;
}

export interface Way {
  of: string;
  flip: number[];
  swap: number;
  words: string;
}

/** What Python sends and no reader changes. */
export interface Given {
  nd: number;
  channels: number[][][];
  groups: number;
  maps: Record<string, string>;
  ranges: Record<string, (number | string)[]>;
  presets: Preset[];
  wrong: { ways?: Way[]; order?: Record<string, number[]> };
  show: string[];
  controls: string[];
  hide: string[];
  mostRows: number;
  mostValue: number;
  start?: State;
}

/** All that a reader can change; frozen, and replaced as a whole. */
export interface State {
  axes: Axis[];
  reserve: Record<string, Nested>;
  preset: string;
  pinned: string;
  hovered: string;
  by: Column;
  step: number | null;
  unit: string;
  base: number;
  opened: string[];
  heat: boolean;
  symbols: boolean;
  drawing: boolean;
  axis: number;
  challenge: string;
  score: number[];
  notice: string;
}

export type Action = { type: string; [name: string]: any };
export type Texts = Record<string, string>;
/** [what is said in symbols, the same in numbers] */
export type Words = [string, string];
