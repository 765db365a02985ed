'use client'

import { useQuery } from '@tanstack/react-query'
import { FileJson, SearchX } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import { PageHeader } from '@/components/shell/page-header'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Input } from '@/components/ui/field'
import { formatCount } from '@/components/ui/format'
import { Skeleton } from '@/components/ui/skeleton'
import { getOpenApi } from '@/lib/jobs/contract'
import { send } from '@/lib/shared/api-client'
import { keyOf } from '@/lib/shared/query'
import { EndpointRow } from './endpoint-row'
import { byTag, endpointsOf, matches, OpenApi } from './openapi'

const useOpenApi = () =>
  useQuery({
    queryKey: keyOf(getOpenApi),
    queryFn: async ({ signal }) => OpenApi.parse(await (await send(getOpenApi, { signal })).json()),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const ReferenceScreen = () => {
  const query = useOpenApi()
  return (
    <>
      <PageHeader
        title="API reference"
        text="Every endpoint with its permission, fields and refusals, from the contracts that the server runs."
      >
        <Button asChild>
          <a href={getOpenApi.path} download="clasper-openapi.json">
            <FileJson aria-hidden className="size-4" strokeWidth={1.75} /> OpenAPI 3.1
          </a>
        </Button>
      </PageHeader>
      <QueryView query={query} what="The reference" skeleton={<Skeleton className="h-96 w-full rounded-md" />}>
        {(document) => <Endpoints document={document} />}
      </QueryView>
    </>
  )
}

const Endpoints = ({ document }: { document: z.infer<typeof OpenApi> }) => {
  const [text, setText] = useState('')
  const found = endpointsOf(document).filter((endpoint) => matches(endpoint, text))
  return (
    <div className="grid gap-4">
      <search className="flex flex-wrap items-center gap-3">
        <Input
          type="search"
          aria-label="Search endpoints"
          placeholder="Search by path, purpose or permission"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="max-w-md"
        />
        <p role="status" className="text-ink-muted text-meta">
          {formatCount(found.length)} endpoints · version {document.info.version}
        </p>
      </search>
      {found.length === 0 ? (
        <EmptyState icon={SearchX} title="No endpoint matches" text="Try a part of its path, such as “audit”." />
      ) : null}
      {byTag(found).map(({ tag, endpoints }) => (
        <Card key={tag} title={`${tag[0]?.toUpperCase() ?? ''}${tag.slice(1)}`} flush>
          <ul className="divide-y divide-line">
            {endpoints.map((endpoint) => (
              <EndpointRow key={endpoint.operationId} endpoint={endpoint} />
            ))}
          </ul>
        </Card>
      ))}
    </div>
  )
}
