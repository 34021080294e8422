// What the core says of labelled cases, as JSON.

/** A figure of evaluation.json. */
export interface FigureValue {
  value: number | null;
  low: number | null;
  high: number | null;
  count?: number;
  n: number;
}

/** Pointwise 95 % intervals of a curve's height. */
export interface CurveBand {
  at: number[];
  low: (number | null)[];
  high: (number | null)[];
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
  roc: { threshold: (number | null)[]; false_positive_rate: number[]; true_positive_rate: number[]; band?: CurveBand };
  pr: { threshold: number[]; precision: number[]; recall: number[]; band?: CurveBand };
  reliability: {
    low: number;
    high: number;
    n: number;
    mean_probability: number | null;
    positive_rate: number | null;
    rate_low?: number | null;
    rate_high?: number | null;
  }[];
  decision: { threshold: number[]; net_benefit: number[]; call_all: number[]; band?: CurveBand };
}

export interface Estimate {
  value: number | null;
  low: number | null;
  high: number | null;
}

/** One side of reading.json. */
export interface ReadingSide {
  n: number;
  no_result: number;
  figures: Record<string, FigureValue & { why?: string }>;
}

/** reading.json, as the core writes it. */
export interface ReadingEvaluation {
  positive: string;
  images: number;
  positives: number;
  patients: number;
  unread: number;
  unlabelled: number;
  intervals: { method: string; replicates: number };
  reader: ReadingSide;
  model: ReadingSide;
  reader_with_model: ReadingSide;
  gain: Record<string, Estimate>;
  changed: { n: number; wrong_to_right: number; right_to_wrong: number };
  kappa: Record<"reader" | "reader_with_model", Estimate & { count: number; n: number }>;
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

/** How often two models called the same cases rightly: A is the one in use. */
export interface PairedCalls {
  both_right: number;
  only_a: number;
  only_b: number;
  neither: number;
  undecided: number;
  p_value: number;
}

export interface BaselineComparison {
  name: string;
  digest: string;
  images: number;
  only_in_session: number;
  only_in_baseline: number;
  changed: number;
  problem?: string;
  comparison?: {
    images: number;
    patients: number;
    intervals: { method: string };
    figures: Record<string, { title: string; a: Estimate; b: Estimate; difference: Estimate }>;
    image_calls: PairedCalls | null;
    patient_calls: PairedCalls | null;
  };
}
