'use client'

import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Field, Textarea } from '@/components/ui/field'
import { notifyDone } from '@/components/ui/toast'
import { isApiError } from '@/lib/shared/api-client'
import { keyPrefixOf } from '@/lib/shared/query'
import type { ListedVersion } from '@/lib/workspace/contract/version'
import { opsListVersions } from '@/lib/workspace/contract/versions'
import { changesOf, type Draft, NO_DRAFT } from './draft'
import { StaleDraft } from './stale-draft'
import { useSaveVersion } from './use-workspaces'
import { shortVersion } from './workspace-words'

type SaveProps = {
  id: string
  latest: ListedVersion
  draft: Draft
  setDraft: (next: Draft) => void
  onSaved: (hash: string) => void
}

type Props = SaveProps & { open: boolean; onOpenChange: (open: boolean) => void }

export const SaveDialog = ({ open, onOpenChange, ...form }: Props) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title="Save a version"
    description="A version never changes. Saving one runs nothing: an environment gets it by a pin or a promotion."
  >
    <Form {...form} close={() => onOpenChange(false)} />
  </Dialog>
)

const isConflict = (error: unknown): boolean => isApiError(error) && error.code === 'version_conflict'

const useSave = ({ id, draft, setDraft, onSaved }: SaveProps, close: () => void) => {
  const save = useSaveVersion()
  const client = useQueryClient()
  const run = async (message: string) => {
    if (draft.base === null) return
    const words = message.trim() === '' ? {} : { message: message.trim() }
    const body = { parent_hash: draft.base, ...changesOf(draft), ...words }
    const answer = await save.mutateAsync({ params: { workspaceId: id }, body }).catch((error: unknown) => {
      // Who was faster, and with what, is on the screen as soon as one is told of it.
      if (isConflict(error)) void client.invalidateQueries({ queryKey: keyPrefixOf(opsListVersions) })
      return null
    })
    if (!answer) return
    const { version, is_new: isNew } = answer.data
    notifyDone({
      text: isNew ? `Version ${shortVersion(version.version_hash)} is saved` : 'This content is a version already',
      detail: isNew ? 'No environment runs it yet.' : `It is ${shortVersion(version.version_hash)}; nothing was saved.`,
      auditHref: isNew ? auditHref(answer.requestId) : undefined,
    })
    setDraft(NO_DRAFT)
    onSaved(version.version_hash)
    close()
  }
  return { run, error: save.error, isPending: save.isPending }
}

const Form = ({ close, ...props }: SaveProps & { close: () => void }) => {
  const { id, draft, setDraft, latest } = props
  const [message, setMessage] = useState('')
  const save = useSave(props, close)
  const isStale = draft.base !== null && draft.base !== latest.version_hash
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void save.run(message)
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      {isStale ? <StaleDraft id={id} latest={latest} draft={draft} setDraft={setDraft} /> : null}
      <ChangedList draft={draft} />
      <Field label="Message" hint="What changes and why, for whoever decides about it later.">
        {(wiring) => (
          <Textarea
            {...wiring}
            maxLength={2_000}
            value={message}
            onChange={(event) => setMessage(event.target.value)}
          />
        )}
      </Field>
      {save.error && !(isConflict(save.error) && isStale) ? <ErrorLine error={save.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" look="primary" pending={save.isPending} disabled={isStale}>
          Save the version
        </Button>
      </DialogFooter>
    </form>
  )
}

const MOST_LISTED = 12

const ChangedList = ({ draft }: { draft: Draft }) => {
  const all = [
    ...Object.keys(draft.changed).map((path) => ({ path, tone: 'info' as const, word: 'written' })),
    ...draft.deleted.map((path) => ({ path, tone: 'bad' as const, word: 'deleted' })),
  ]
  return (
    <section aria-label="What it changes" className="grid gap-1.5">
      <p className="text-ink-muted text-table">
        Made from <span className="font-mono">{shortVersion(draft.base ?? '')}</span> with:
      </p>
      <ul className="grid gap-1 text-table">
        {all.slice(0, MOST_LISTED).map(({ path, tone, word }) => (
          <li key={`${word} ${path}`} className="flex items-start gap-2">
            <Badge tone={tone}>{word}</Badge>
            <span className="min-w-0 break-all font-mono text-meta leading-5">{path}</span>
          </li>
        ))}
        {all.length > MOST_LISTED ? <li className="text-ink-muted">and {all.length - MOST_LISTED} more</li> : null}
      </ul>
    </section>
  )
}
