import { EMPTY_ROOT } from '../core/audit/tree'
import { monotonicMs } from '../core/clock'
import { kernel } from '../core/kernel'
import type { Scope } from '../core/scope'
import { anchorsOf } from './anchors'
import { type Anchor, type Checker, createChecker } from './audit-checker'
import { mayReadAll } from './audit-filter'
import { createNodeCollector, type NodeCollector } from './node-checker'
import { createPayloadChecker, ERASED_ENTITY, unrecorded } from './payload-checker'
import { type Head, readChain, readHead, readNodeRanges, readNodes, readPayloads, recordedErasures } from './store'

const BATCH = 512

const breathe = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Reads every event of the tenant as it is shown and names each place where it is not what was proven. */
export const verifyAudit = (scope: Scope) => {
  mayReadAll(scope)
  const running = kernel().slot('governance.verifying', () => new Map<string, ReturnType<typeof verifyNow>>())
  const known = running.get(scope.tenantId)
  if (known) return known
  const started = verifyNow(scope).finally(() => running.delete(scope.tenantId))
  running.set(scope.tenantId, started)
  return started
}

const verifyNow = async (scope: Scope) => {
  const started = monotonicMs()
  const head = await readHead(scope)
  const sealed = await anchorsOf(scope)
  const checks = checksOf(scope, sealed.anchors)
  const payloadMs = await readAll(scope, head.lastSeq, checks)
  judgeHead(head, checks.chain)
  checks.chain.finish(head.size)
  const erased = checks.payloads.erased()
  const recorded = await recordedErasures(
    scope,
    erased.map((seq) => `${ERASED_ENTITY}${seq}`),
  )
  const failures = [...sealed.failures, ...checks.chain.failures, ...unrecorded(erased, recorded)]
  return {
    ok: failures.length === 0,
    tenant_id: scope.tenantId,
    checked: checks.chain.seen(),
    payloads_checked: checks.payloads.checked(),
    payloads_erased: erased.length,
    size: head.size,
    root_hash: head.rootHash ?? EMPTY_ROOT,
    duration_ms: Math.round(monotonicMs() - started),
    payload_duration_ms: Math.round(payloadMs),
    failures,
    checkpoints_checked: sealed.checked,
  }
}

type Checks = ReturnType<typeof checksOf>

const checksOf = (scope: Scope, anchors: readonly Anchor[]) => {
  const nodes = createNodeCollector()
  const chain = createChecker({ tenantId: scope.tenantId, anchors, onNode: nodes.collect })
  return { chain, nodes, payloads: createPayloadChecker(chain.add) }
}

// Short reads with a pause between them: the server goes on answering meanwhile.
const readAll = async (scope: Scope, upto: number, { chain, nodes, payloads }: Checks): Promise<number> => {
  let payloadMs = 0
  for (let after = 0; after < upto; ) {
    const rows = await readChain(scope, after, upto, BATCH)
    for (const row of rows) chain.feed(row)
    await compareNodes(scope, nodes, chain)
    const began = monotonicMs()
    const found = await readPayloads(scope, after, upto, BATCH)
    for (const [i, row] of found.entries()) payloads.check(row, rows[i]?.canonical ?? '')
    payloadMs += monotonicMs() - began
    after = rows.at(-1)?.seq ?? upto
    await breathe()
  }
  return payloadMs
}

const compareNodes = async (scope: Scope, nodes: NodeCollector, chain: Checker): Promise<void> => {
  const doubtful = nodes.doubtful(await readNodeRanges(scope, nodes.ranges()))
  if (doubtful.length > 0) nodes.report(doubtful, await readNodes(scope, doubtful), chain.add)
}

const judgeHead = (head: Head, chain: Checker): void => {
  const agrees =
    head.headHash === chain.headHash() &&
    head.rootHash === chain.root() &&
    head.frontier.join() === chain.frontier().join()
  if (head.size < chain.size() || (head.size > 0 && head.size === chain.size() && chain.root() !== null && !agrees)) {
    chain.add('head_mismatch', head.size, 'The head of the log is not what its events give')
  }
}
