import { expect, it } from 'vitest'
import { ApiError } from '@/lib/shared/api-client'
import { fieldErrors } from './problem-fields'

it('puts every fault at the field that its path begins with', () => {
  const details = {
    formErrors: [],
    fieldErrors: { name: ['is too short', 'is taken'], 'workspace_ids.0': ['is wrong'] },
  }
  expect(fieldErrors(new ApiError('invalid_request', 'Invalid body', 400, null, details))).toEqual({
    name: 'is too short · is taken',
    workspace_ids: 'is wrong',
  })
})

it('finds nothing in what is not an input fault', () => {
  expect(fieldErrors(new ApiError('not_found', 'Not found', 404, null))).toEqual({})
  expect(fieldErrors(new Error('other'))).toEqual({})
})
