import type { SchemaLine } from './schema-lines'

type SchemaTableProps = { title: string; lines: readonly SchemaLine[]; otherwise?: string }

export const SchemaTable = ({ title, lines, otherwise }: SchemaTableProps) => (
  <section className="grid gap-1.5">
    <h4 className="text-ink-muted text-meta">{title}</h4>
    {lines.length === 0 ? (
      <p className="text-table">{otherwise}</p>
    ) : (
      <ul className="divide-y divide-line rounded-md border border-line">
        {lines.map((line) => (
          <li key={line.path} className="grid gap-x-4 px-3 py-1.5 text-table sheet:grid-cols-[minmax(160px,2fr)_3fr]">
            <span className="font-mono text-ink text-meta leading-5" style={{ paddingLeft: line.depth * 16 }}>
              {line.name}
              {line.required ? null : <span className="text-ink-muted">?</span>}
            </span>
            <span className="min-w-0 break-words text-ink-muted">
              <span className="text-tool">{line.type}</span>
              {line.note ? `${line.type ? ' · ' : ''}${line.note}` : ''}
            </span>
          </li>
        ))}
      </ul>
    )}
  </section>
)
