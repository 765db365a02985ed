'use client'

import { Upload } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type ChangeEvent, type FormEvent, useEffect, useState } from 'react'
import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Input, Textarea } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { notifyDone } from '@/components/ui/toast'
import { type Pasted, readPasted } from './publication'
import { skillHref } from './skill-words'
import { usePublish } from './use-skills'

export const PublishSkill = () => {
  const [open, setOpen] = useState(false)
  if (!useMay('skill:publish')) return null
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <Upload aria-hidden className="size-4" /> Publish
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Publish a version of a skill"
        description="It begins as a draft that no run uses. What is published under a name and a version never changes."
        className="w-[min(720px,calc(100vw-24px))]"
      >
        <Form close={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

const usePasted = (text: string): Pasted => {
  const [pasted, setPasted] = useState<Pasted>({ kind: 'nothing' })
  useEffect(() => {
    let isLate = false
    void readPasted(text).then((found) => {
      if (!isLate) setPasted(found)
    })
    return () => {
      isLate = true
    }
  }, [text])
  return pasted
}

const trimmed = (values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values)
      .map(([name, value]) => [name, value.trim()])
      .filter(([, value]) => value !== ''),
  )

const usePublication = (close: () => void) => {
  const [text, setText] = useState('')
  const [version, setVersion] = useState('')
  const [signature, setSignature] = useState('')
  const pasted = usePasted(text)
  const publish = usePublish()
  const router = useRouter()
  const send = async () => {
    if (pasted.kind !== 'markdown' && pasted.kind !== 'manifest') return
    const body = { ...pasted.body, ...trimmed({ signature }) }
    const query = pasted.kind === 'markdown' ? trimmed({ version }) : {}
    const answer = await publish.mutateAsync({ query, body }).catch(() => null)
    if (!answer) return
    const { skill } = answer.data
    notifyDone({
      text: `${skill.name} ${skill.version} is published`,
      detail: skill.warnings[0] ?? 'It is a draft: run its tests, then move it on.',
      auditHref: auditHref(answer.requestId),
    })
    close()
    router.push(skillHref(skill.name, { version: skill.version }))
  }
  return { text, setText, version, setVersion, signature, setSignature, pasted, publish, send }
}

type Own = ReturnType<typeof usePublication>

const Form = ({ close }: { close: () => void }) => {
  const own = usePublication(close)
  const { pasted, publish } = own
  const isReady = pasted.kind === 'markdown' || pasted.kind === 'manifest'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void own.send()
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Source own={own} />
      {pasted.kind === 'markdown' ? (
        <Field label="Version" hint="x.y.z, if the SKILL.md does not say it itself">
          {(wiring) => (
            <Input
              {...wiring}
              className="font-mono"
              placeholder="1.0.0"
              value={own.version}
              onChange={(event) => own.setVersion(event.target.value)}
            />
          )}
        </Field>
      ) : null}
      <Field
        label="Signature"
        hint="Base64, by one of the signers, if it is signed. The command line signs with --key."
        error={fieldErrors(publish.error)['signature']}
      >
        {(wiring) => (
          <Input
            {...wiring}
            className="font-mono"
            value={own.signature}
            onChange={(event) => own.setSignature(event.target.value)}
          />
        )}
      </Field>
      {publish.error ? <Faults error={publish.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary" pending={publish.isPending} disabled={!isReady}>
          Publish {isReady ? pasted.title : ''}
        </Button>
      </DialogFooter>
    </form>
  )
}

const SAID = {
  markdown: 'Read as a SKILL.md.',
  manifest: 'Read as a manifest.',
  nothing: 'A SKILL.md, or a manifest in JSON or YAML.',
} as const

const Source = ({ own }: { own: Own }) => {
  const { pasted } = own
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? []
    if (file) own.setText(await file.text())
    event.target.value = ''
  }
  return (
    <div className="grid gap-2">
      <Field
        label="SKILL.md or manifest"
        hint={pasted.kind === 'fault' ? undefined : SAID[pasted.kind]}
        error={pasted.kind === 'fault' ? pasted.fault : undefined}
      >
        {(wiring) => (
          <Textarea
            {...wiring}
            rows={12}
            spellCheck={false}
            className="font-mono text-meta"
            placeholder={'---\nname: refund-desk\ndescription: When somebody wants money back\n---\n'}
            value={own.text}
            onChange={(event) => own.setText(event.target.value)}
          />
        )}
      </Field>
      <Field label="Or choose a file">
        {(wiring) => (
          <input
            {...wiring}
            type="file"
            accept=".md,.json,.yaml,.yml,text/markdown,application/json"
            onChange={(event) => void choose(event)}
            className="block w-full text-ink-soft text-table file:mr-3 file:h-8 file:rounded-md file:border file:border-line file:border-solid file:bg-surface file:px-3 file:font-medium file:text-ink file:text-table"
          />
        )}
      </Field>
    </div>
  )
}

const Faults = ({ error }: { error: unknown }) => {
  const faults = Object.entries(fieldErrors(error)).filter(([field]) => field !== 'signature')
  return (
    <div className="grid gap-2">
      <ErrorLine error={error} />
      {faults.length > 0 ? (
        <ul aria-label="What is wrong" className="grid gap-1 text-bad text-table">
          {faults.map(([field, said]) => (
            <li key={field} className="break-words">
              <span className="font-mono text-meta">{field}</span> {said}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}
