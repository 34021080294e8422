/** Keys of the core's figures (evaluation.json, reading.json) and what people call them, in the order in which they are shown. */
export const kFigureNames = new Map([
  ["accuracy", "Accuracy"],
  ["precision", "Precision"],
  ["recall", "Recall (sensitivity)"],
  ["f1", "F1"],
  ["balanced_accuracy", "Balanced accuracy"],
  ["specificity", "Specificity"],
  ["mcc", "Matthews correlation"],
  ["auc", "ROC AUC"],
  ["average_precision", "Average precision"],
  ["brier", "Brier score"],
  ["ece", "Calibration error (ECE)"],
  ["log_loss", "Log loss (nats)"],
]);
