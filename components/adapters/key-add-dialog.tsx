'use client'

import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Input, Textarea } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { notifyDone } from '@/components/ui/toast'
import { PublicJwk } from '@/lib/adapters/contract'
import { type AgentView, usePutKey } from './use-agents'

type Props = { agent: AgentView; open: boolean; onOpenChange: (open: boolean) => void }

export const KeyAddDialog = ({ agent, open, onOpenChange }: Props) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={`A telemetry key for ${agent.display_name}`}
    description="Its public key, as a JWK. The private part stays with the agent and is refused here."
  >
    <Form agent={agent} close={() => onOpenChange(false)} />
  </Dialog>
)

type Read = { jwk: ReturnType<typeof PublicJwk.parse> | null; fault: string | null }

const read = (text: string): Read => {
  try {
    const parsed = PublicJwk.safeParse(JSON.parse(text))
    if (parsed.success) return { jwk: parsed.data, fault: null }
    return { jwk: null, fault: parsed.error.issues[0]?.message ?? 'This is no public key' }
  } catch {
    return { jwk: null, fault: 'Must be a JSON object' }
  }
}

const EXAMPLE = '{"kty":"OKP","crv":"Ed25519","x":"…"}'

const Form = ({ agent, close }: { agent: AgentView; close: () => void }) => {
  const [text, setText] = useState('')
  const [version, setVersion] = useState('')
  const put = usePutKey()
  const { jwk, fault } = read(text)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (jwk === null) return
    const body = {
      ...{ adapter_id: agent.adapter_id, public_jwk: jwk },
      key_alg: jwk.crv === 'P-256' ? ('ES256' as const) : ('ed25519' as const),
      ...(version.trim() === '' ? {} : { version: version.trim() }),
    }
    const answer = await put.mutateAsync({ body }).catch(() => null)
    if (!answer) return
    notifyDone({ text: 'The key is added', auditHref: auditHref(answer.requestId) })
    close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <Field
        label="Public key"
        hint="Ed25519 or P-256"
        error={(text.trim() === '' ? undefined : (fault ?? undefined)) ?? fieldErrors(put.error)['public_jwk']}
      >
        {(wiring) => (
          <Textarea
            {...wiring}
            rows={4}
            spellCheck={false}
            className="font-mono text-meta"
            placeholder={EXAMPLE}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <Field label="Only version" hint="Empty: every version of the agent" error={fieldErrors(put.error)['version']}>
        {(wiring) => <Input {...wiring} value={version} onChange={(event) => setVersion(event.target.value)} />}
      </Field>
      {put.error ? <ErrorLine error={put.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary" disabled={jwk === null} pending={put.isPending}>
          Add the key
        </Button>
      </DialogFooter>
    </form>
  )
}
