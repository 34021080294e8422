// Shapes that cross the wasm boundaries. Written down once; the C++ side is app_api.h and core_api.h.

export * from "./evaluation_types";

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
  /** What a reader called it before the model's call was shown, and after. */
  reading_first: string;
  reading_after: string;
  /** Of a patient whom the model learned from. */
  in_training: boolean;
  /** Its call is not to be seen until it is read. */
  hidden?: boolean;
  /** The name of an earlier case with the same pixels. */
  copy_of?: string;
  /** What the model that these predictions are compared with says of it. */
  baseline_call_name?: string;
  baseline_p?: number | null;
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
  /** Micrometres; 0: not known. */
  pixel_size: number;
  breakhis_pixel_size: number;
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
  reads_first: boolean;
  read: number;
  in_training: number;
  counts_training: boolean;
  /** Of in_training, with a prediction, and in no figure. */
  left_out: number;
  selected: number;
  threshold_low: number;
  threshold_high: number;
  cam_on: boolean;
  cam_opacity: number;
  cam_sign: "for" | "for_and_against";
  channel: string;
  pinned: number;
  /** The model before left its heat maps. */
  can_compare_models: boolean;
  compares_models: boolean;
  can_undo: boolean;
  can_redo: boolean;
  has_baseline: boolean;
  has_opened_evaluation: boolean;
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
  changed_only: boolean;
  label: string;
  predicted: string;
  magnification: number;
  p_low: number;
  p_high: number;
  training: string;
  order: string;
}

export interface TileName {
  case: number;
  level: number;
  x: number;
  y: number;
  channel: string;
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
