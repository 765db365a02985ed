'use client'

import { FlaskConical } from 'lucide-react'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { Card } from '@/components/ui/card'
import { Skeleton } from '@/components/ui/skeleton'
import { type DeclaredTest, declaredTests } from './manifest-parts'
import type { Skill } from './skill-words'
import { TestRunView } from './test-run-view'
import { useTestRuns } from './use-skills'

export const TestsTab = ({ skill }: { skill: Skill }) => {
  const tests = declaredTests(skill.manifest)
  if (tests.length === 0)
    return (
      <section aria-label="No tests" className="rounded-md border border-line bg-surface">
        <EmptyState
          icon={FlaskConical}
          title="This version declares no tests"
          text="Without tests it cannot become tested, except by an override. The next version may bring some:"
          command={{
            label: 'In the manifest',
            code: 'tests:\n  - name: greets\n    input: { message: Hello }\n    expect: { output: Hello }',
          }}
        />
      </section>
    )
  return (
    <div className="grid items-start gap-4 rail:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
      <Card title={`Declared (${tests.length})`} flush>
        <ul className="divide-y divide-line">
          {tests.map((test) => (
            <Declared key={test.name} test={test} />
          ))}
        </ul>
      </Card>
      <Runs skill={skill} />
    </div>
  )
}

const Declared = ({ test }: { test: DeclaredTest }) => (
  <li className="grid gap-1 px-4 py-2.5 text-table">
    <p className="break-words font-medium text-ink">{test.name}</p>
    {test.description ? <p className="break-words text-ink-soft">{test.description}</p> : null}
    <p className="break-words font-mono text-ink-soft text-meta">{JSON.stringify(test.input)}</p>
    <p className="break-words text-ink-muted">
      Expects {test.expects.length === 0 ? 'nothing, so it cannot pass' : test.expects.join('; ')}
    </p>
    {test.mocks.length > 0 ? <p className="break-words text-ink-muted">Mocks {test.mocks.join(', ')}</p> : null}
  </li>
)

const Runs = ({ skill }: { skill: Skill }) => (
  <QueryView
    query={useTestRuns(skill.name, skill.version)}
    what="Its test runs"
    skeleton={<Skeleton className="h-64 rounded-md" />}
  >
    {({ runs }) =>
      runs.length === 0 ? (
        <section aria-label="No test run" className="rounded-md border border-line bg-surface">
          <EmptyState
            icon={FlaskConical}
            title="Its tests were never run"
            text="They go through the real run loop, each as a trace of its own:"
            command={{ label: 'Run the tests', code: `clasper skill test ${skill.name}@${skill.version}` }}
          />
        </section>
      ) : (
        <div className="grid gap-4">
          {runs.map((run, at) => (
            <TestRunView
              key={run.id}
              run={run}
              isThisContent={run.content_hash === skill.content_hash}
              isOpen={at === 0}
            />
          ))}
        </div>
      )
    }
  </QueryView>
)
