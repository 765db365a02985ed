import { Card } from '@/components/ui/card'
import { formatCount } from '@/components/ui/format'
import type { SourceSums } from './ingest-sums'
import { sourceName } from './ingest-words'

const headStyle = 'h-8 px-3 font-medium'
const cellStyle = 'h-9 border-line border-t px-3'

const roomy = '@max-[420px]/sources:hidden'

export const SourceTable = ({ sources }: { sources: readonly SourceSums[] }) => (
  <Card title="By source" flush className="@container/sources">
    <div>
      <table className="w-full text-table">
        <caption className="sr-only">Spans of the last day by their source</caption>
        <thead>
          <tr className="text-left text-ink-muted text-meta">
            <th scope="col" className={`${headStyle} pl-4`}>
              Source
            </th>
            <th scope="col" className={`${headStyle} text-right`}>
              Accepted
            </th>
            <th scope="col" className={`${headStyle} ${roomy} text-right`}>
              Duplicates
            </th>
            <th scope="col" className={`${headStyle} ${roomy} text-right`}>
              Shortened
            </th>
            <th scope="col" className={`${headStyle} pr-4 text-right`}>
              Refused
            </th>
          </tr>
        </thead>
        <tbody>
          {sources.map((one) => (
            <tr key={one.source}>
              <th scope="row" className={`${cellStyle} pl-4 text-left font-normal`}>
                {sourceName(one.source)}
                {sourceName(one.source) === one.source ? null : (
                  <code className="ml-2 font-mono text-ink-muted text-meta @max-[520px]/sources:hidden">
                    {one.source}
                  </code>
                )}
              </th>
              <td className={`${cellStyle} text-right`}>{formatCount(one.accepted)}</td>
              <td className={`${cellStyle} ${roomy} text-right`}>{formatCount(one.duplicates)}</td>
              <td className={`${cellStyle} ${roomy} text-right`}>{formatCount(one.truncated)}</td>
              <td className={`${cellStyle} pr-4 text-right`}>
                {one.rejected > 0 ? <span className="font-medium text-bad">{formatCount(one.rejected)}</span> : '0'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </Card>
)
