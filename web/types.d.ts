// Shapes that cross the wasm boundaries. Written down once; the C++ side is app_api.h and core_api.h.

/** What a model file says, as the core's model_facts_json puts it. */
export interface ModelFacts {
  name: string;
  network: string;
  digest: string;
  class_names: string[];
  positive_class: number;
  input: { width: number; height: number };
  threshold_low: number;
  threshold_high: number;
  temperature: number;
  format_version: number;
  parameters: number;
  weight_bytes: number;
  training: Record<string, unknown>;
  evaluation: Record<string, unknown>;
  scope: ModelScope | null;
  /** Its training, an epoch each; val is absent where there was no validation set. */
  history: Epoch[];
}

export interface Epoch {
  epoch: number;
  best: boolean;
  train: EpochFigures;
  val?: EpochFigures | null;
}

export interface EpochFigures {
  loss: number;
  accuracy: number | null;
  auc: number | null;
}

/** When a model gives no result, and what was measured of that. */
export interface ModelScope {
  limit: number;
  weak_magnifications: { magnification: number; auc: number; auc_low: number; auc_high: number }[];
  study: { kinds?: { kind: string; inside: boolean; images: number; refused: number }[] };
}

export type CallKind = "positive" | "negative" | "no_result" | "";

export interface CaseRow {
  id: number;
  patient: string;
  name: string;
  state: "waiting" | "done" | "failed";
  call: CallKind;
  call_name: string;
  p: number | null;
  refused?: boolean;
  label: string;
  milliseconds: number;
  error?: string;
  sample: boolean;
  has_image: boolean;
  /** The name of an earlier case with the same pixels. */
  copy_of?: string;
}

/** A figure of an image's quality beside its limit, worded by the core. */
export interface QualityMeasure {
  key: string;
  name: string;
  value: number | null;
  text: string;
  unit: string;
  limit: number;
  limit_text: string;
  passed: boolean;
}

/** The core's quality_json. Advice; a model with a scope gives no result where it is not passed. */
export interface Quality {
  passed: boolean;
  advice: string[];
  reduction: number;
  light: number[];
  measures: QualityMeasure[];
}

export interface CaseDetail extends CaseRow {
  path: string;
  slide: string;
  magnification: number;
  reason: string;
  logits: number[];
  tensor_sha256: string;
  width: number;
  height: number;
  quality: Quality | null;
}

export interface PatientRow {
  patient: string;
  images: number;
  images_refused: number;
  call: CallKind;
  call_name: string;
  p: number | null;
}

export interface SessionState {
  cases: number;
  done: number;
  failed: number;
  labelled: number;
  selected: number;
  threshold_low: number;
  threshold_high: number;
  cam_on: boolean;
  cam_opacity: number;
  can_undo: boolean;
  can_redo: boolean;
  copies: number;
  magnifications: number[];
  classes: string[];
  positive: string;
  revision: number;
}

/** See wasm_app/case_filter.h. */
export interface CaseFilter {
  text: string;
  call: string;
  wrong_only: boolean;
  copies_only: boolean;
  label: string;
  predicted: string;
  magnification: number;
  p_low: number;
  p_high: number;
  order: string;
}

export interface TileName {
  case: number;
  level: number;
  x: number;
  y: number;
}

export interface ClassifyAnswer {
  result: {
    width: number;
    height: number;
    logits: number[];
    tensor_sha256: string;
    pixel_sha256: string;
    quality: Quality;
    refusal: string;
    milliseconds: number;
  };
  cam: { values: Float32Array; classes: number; height: number; width: number };
  thumbnail: Blob;
  foreignRequests: number;
}

/** A figure of evaluation.json. */
export interface FigureValue {
  value: number | null;
  low: number | null;
  high: number | null;
  count?: number;
  n: number;
}

export interface LevelEvaluation {
  n: number;
  positives: number;
  scored: number;
  no_result: number;
  refused: number;
  undecided: number;
  counts: { tp: number; fp: number; tn: number; fn: number };
  confusion: number[][];
  figures: Record<string, FigureValue>;
  undefined: { figure: string; why: string }[];
  roc: { threshold: (number | null)[]; false_positive_rate: number[]; true_positive_rate: number[] };
  pr: { threshold: number[]; precision: number[]; recall: number[] };
  decision: { threshold: number[]; net_benefit: number[]; call_all: number[] };
}

export interface Estimate {
  value: number | null;
  low: number | null;
  high: number | null;
}

/** See lobule/decision.h. */
export interface PrevalenceEvaluation {
  prevalence: number;
  images: { ppv: Estimate; npv: Estimate };
  patients: { ppv: Estimate; npv: Estimate };
}

/** evaluation.json, as the core writes it here and in the command-line program. */
export interface Evaluation {
  classes: string[];
  positive: string;
  threshold_low: number;
  threshold_high: number;
  unlabelled: number;
  intervals: { method: string; replicates: number };
  images: LevelEvaluation;
  patients: LevelEvaluation;
  /** Of the labelled images that name a patient; without a label where a patient's images disagree. */
  patient_results: { patient: string; label: string }[];
  subsets: { field: string; value: string; images: LevelEvaluation }[];
  without_gates: { images: LevelEvaluation; patients: LevelEvaluation } | null;
}

/** A file with the path it had in what was dropped. */
export interface DroppedFile {
  file: File;
  path: string;
}

/** One of assets/samples/samples.json: drawn by lobule, not tissue. */
export interface SampleCase {
  file: string;
  label: string;
  title: string;
  description: string;
}

/** What service_worker.js uses of its global scope, which the DOM's types do not have. */
export interface ServiceWorkerScope {
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(
    type: "install" | "activate",
    listener: (event: Event & { waitUntil(work: Promise<unknown>): void }) => void,
  ): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  addEventListener(
    type: "fetch",
    listener: (event: Event & { request: Request; respondWith(response: Promise<Response>): void }) => void,
  ): void;
}
