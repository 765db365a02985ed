import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Refusal } from './refusal'
import { CUSTOMERS, ORDERS, type Order } from './shop-data'
import type { Tool, ToolAsk } from './tool'

const dollars = (cents: number) => cents / 100

const totalOf = ({ items }: Order) => items.reduce((sum, { quantity, cents }) => sum + quantity * cents, 0)

const refundedOf = ({ store, caller }: ToolAsk, orderId: string): number =>
  Number(
    store.one(
      'SELECT coalesce(sum(amount_cents), 0) AS cents FROM refunds WHERE tenant_id = ? AND user_id = ? AND order_id = ?',
      caller.tenantId,
      caller.userId,
      orderId,
    )?.['cents'],
  )

const orderBy = (id: string): Order => {
  const order = ORDERS.find((candidate) => candidate.id === id.replace(/^#/, ''))
  if (!order) throw new Refusal(404, `There is no order ${id}`, 'order_not_found')
  return order
}

const OrderId = z.string().min(1).max(40).describe('Number of the order, for example 1042')

const LookUp = z.object({ order_id: OrderId })

const orderLookup: Tool = {
  name: 'order_lookup',
  description: 'Find one order by its number: customer, items, total, what was refunded.',
  input: LookUp,
  run: (args, asked) => {
    const order = orderBy(LookUp.parse(args).order_id)
    return {
      order_id: order.id,
      status: order.status,
      placed_on: order.placedOn,
      customer: CUSTOMERS.find(({ id }) => id === order.customerId),
      items: order.items.map(({ name, quantity, cents }) => ({ name, quantity, price_usd: dollars(cents) })),
      total_usd: dollars(totalOf(order)),
      refunded_usd: dollars(refundedOf(asked, order.id)),
    }
  },
}

const Search = z.object({ query: z.string().min(1).max(200).describe('Part of a name, an e-mail address or a city') })

const customerSearch: Tool = {
  name: 'customer_search',
  description: 'Find customers by a part of their name, e-mail address or city, with the numbers of their orders.',
  input: Search,
  run: (args) => {
    const wanted = Search.parse(args).query.toLowerCase()
    const found = CUSTOMERS.filter(({ name, email, city }) => `${name} ${email} ${city}`.toLowerCase().includes(wanted))
    const orders = (id: string) => ORDERS.filter(({ customerId }) => customerId === id).map((order) => order.id)
    return { customers: found.map((customer) => ({ ...customer, order_ids: orders(customer.id) })) }
  },
}

const Refund = z.object({
  order_id: OrderId,
  amount_usd: z.number().positive().max(100_000).describe('Amount in US dollars, at most what is left of the total'),
  reason: z.string().min(1).max(1000).describe('Why the customer gets money back'),
})

const refundCreate: Tool = {
  name: 'refund_create',
  description: 'Pay money of an order back to the customer. Cannot be undone.',
  input: Refund,
  writes: true,
  run: (args, asked) => {
    const { order_id, amount_usd, reason } = Refund.parse(args)
    const order = orderBy(order_id)
    const cents = Math.round(amount_usd * 100)
    const left = totalOf(order) - refundedOf(asked, order.id)
    if (cents > left)
      throw new Refusal(403, `At most ${dollars(left)} USD of order ${order.id} can be refunded`, 'refund_too_high')
    const { store, caller } = asked
    const id = `rfd_${randomUUID()}`
    store.run(
      'INSERT INTO refunds (id, tenant_id, user_id, order_id, amount_cents, reason) VALUES (?, ?, ?, ?, ?, ?)',
      ...[id, caller.tenantId, caller.userId, order.id, cents, reason],
    )
    return { refund_id: id, order_id: order.id, amount_usd: dollars(cents), left_usd: dollars(left - cents) }
  },
}

export const SHOP_TOOLS: readonly Tool[] = [orderLookup, customerSearch, refundCreate]
