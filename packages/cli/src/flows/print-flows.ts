import {
  denialText,
  endName,
  endNameText,
  type FlowEnd,
  type FlowRecord,
  plainStyle,
  type Style,
  type Table,
} from "@portcullis/engine";

/** A line for each record, the one that was seen last at the end. */
export function flowsTable(records: readonly FlowRecord[], wide: boolean): Table {
  const headers = ["Last", "Verdict", "Source", "Destination", "Port", "Count", "Because"];
  const more = ["First", "Node", "Source address", "Destination address"];
  return {
    headers: wide ? [...headers.slice(0, -1), ...more, "Because"] : headers,
    rows: [...records].sort(byTime).map((record) => {
      const cells = [
        inSeconds(record.to),
        record.verdict,
        ownName(record.source),
        ownName(record.destination),
        portText(record),
        String(record.count),
      ];
      const addresses = [record.source.address, record.destination.address];
      const details = wide ? [inSeconds(record.from), record.node, ...addresses] : [];
      return [...cells, ...details, record.denied === undefined ? "" : denialText(record.denied)];
    }),
  };
}

/** One record in a line, for who watches them come. */
export function flowLineText(record: FlowRecord, style: Style = plainStyle): string {
  const { verdict, count, denied } = record;
  const paint = verdict === "allowed" ? style.allow : style.deny;
  const flow = `${ownName(record.source)} → ${ownName(record.destination)} ${portText(record)}`;
  const times = count === 1 ? "" : ` ×${count}`;
  const because = denied === undefined ? "" : style.dim(`: ${denialText(denied)}`);
  return `${style.dim(inSeconds(record.to))} ${paint(verdict)} ${flow}${times}${because}`;
}

/** The pod itself: who looks at what happens wants to know which one it was. */
function ownName({ pod, ...end }: FlowEnd): string {
  return pod === undefined ? endNameText(endName(end)) : `${pod.namespace}/${pod.name}`;
}

function portText({ protocol, port }: FlowRecord): string {
  if (port > 0) return `${protocol} ${port}`;
  return /^\d+$/.test(protocol) ? `IP protocol ${protocol}` : protocol;
}

const inSeconds = (time: string): string => time.replace(/\.\d+/, "");

/** Records of the same moment stay in the order of flows. */
const byTime = (a: FlowRecord, b: FlowRecord): number => Date.parse(a.to) - Date.parse(b.to);
