import { OctagonX } from 'lucide-react'

/** A file that cannot be read could hold the one rule that forbids it: until then nothing is permitted. */
export const PolicyFaults = ({ faults }: { faults: readonly string[] }) =>
  faults.length === 0 ? null : (
    <section aria-label="Faults" role="alert" className="mb-4 grid gap-1 rounded-md bg-bad-soft px-4 py-3 text-bad">
      <h2 className="flex items-center gap-2 font-semibold text-prose">
        <OctagonX aria-hidden className="size-4 shrink-0" />
        Nothing is permitted until the policies can be read
      </h2>
      <ul className="grid gap-1 text-table">
        {faults.map((fault) => (
          <li key={fault} className="break-words">
            {fault}
          </li>
        ))}
      </ul>
    </section>
  )
