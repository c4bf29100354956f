/**
 * Metrics in the Prometheus text exposition format, version 0.0.4.
 *
 * @module
 */

/** One measured value with its labels. */
export interface Sample {
  /** Name behind the metric's, for the parts of a histogram: `_bucket`, `_sum`, `_count`. */
  readonly suffix?: string;
  /** Labels; values may hold anything. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The value. */
  readonly value: number;
}

/** One metric with its samples. */
export interface Metric {
  /** Snake case with its base unit at the end. */
  readonly name: string;
  /** What it is, in a sentence. */
  readonly help: string;
  /** Its type. */
  readonly type: "counter" | "gauge" | "histogram";
  /** Its samples. */
  readonly samples: readonly Sample[];
}

/** A histogram's cumulative counts. */
export interface Histogram {
  /** Upper bounds, ascending, without infinity. */
  readonly bounds: readonly number[];
  /** Observations in each bucket, one more than bounds; not cumulative. */
  readonly counts: readonly number[];
  /** Sum of all observations. */
  readonly sum: number;
}

/** The samples of a histogram. */
export function histogramSamples({ bounds, counts, sum }: Histogram): readonly Sample[] {
  let running = 0;
  const buckets = [...bounds.map(String), "+Inf"].map((le, index) => {
    running += counts[index] ?? 0;
    return { suffix: "_bucket", labels: { le }, value: running };
  });
  return [...buckets, { suffix: "_sum", value: sum }, { suffix: "_count", value: running }];
}

/** The text of all metrics. */
export function renderMetrics(metrics: readonly Metric[]): string {
  return metrics.map(({ name, help, type, samples }) =>
    [
      `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`,
      `# TYPE ${name} ${type}`,
      ...samples.map((sample) =>
        `${name}${sample.suffix ?? ""}${labelsOf(sample)} ${numberOf(sample.value)}`
      ),
    ].join("\n") + "\n"
  ).join("");
}

function labelsOf({ labels }: Sample): string {
  const pairs = Object.entries(labels ?? {});
  if (pairs.length === 0) return "";
  return `{${pairs.map(([name, value]) => `${name}="${escaped(value)}"`).join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function numberOf(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return Number.isFinite(value) ? String(value) : value > 0 ? "+Inf" : "-Inf";
}
