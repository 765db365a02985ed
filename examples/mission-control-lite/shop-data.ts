// What the demo tools look into: a small shop, the same for everybody, read only.
export type Customer = { id: string; name: string; email: string; city: string }
export type Order = {
  id: string
  customerId: string
  status: 'placed' | 'paid' | 'shipped' | 'delivered' | 'returned'
  placedOn: string
  items: readonly { name: string; quantity: number; cents: number }[]
}

export const CUSTOMERS: readonly Customer[] = [
  { id: 'cus_1', name: 'Ada Okafor', email: 'ada@example.com', city: 'Lagos' },
  { id: 'cus_2', name: 'Ben Sørensen', email: 'ben@example.com', city: 'Aarhus' },
  { id: 'cus_3', name: 'Chiara Rossi', email: 'chiara@example.com', city: 'Bologna' },
  { id: 'cus_4', name: 'Dev Patel', email: 'dev@example.com', city: 'Pune' },
  { id: 'cus_5', name: 'Elif Yılmaz', email: 'elif@example.com', city: 'Izmir' },
  { id: 'cus_6', name: 'Ada Lindqvist', email: 'lindqvist@example.com', city: 'Uppsala' },
]

export const ORDERS: readonly Order[] = [
  {
    id: '1001',
    customerId: 'cus_1',
    status: 'delivered',
    placedOn: '2026-01-04',
    items: [{ name: 'Kettle', quantity: 1, cents: 4_900 }],
  },
  {
    id: '1002',
    customerId: 'cus_2',
    status: 'shipped',
    placedOn: '2026-01-06',
    items: [
      { name: 'Desk lamp', quantity: 2, cents: 3_450 },
      { name: 'Bulb', quantity: 4, cents: 350 },
    ],
  },
  {
    id: '1003',
    customerId: 'cus_3',
    status: 'paid',
    placedOn: '2026-01-09',
    items: [{ name: 'Coffee grinder', quantity: 1, cents: 12_900 }],
  },
  {
    id: '1004',
    customerId: 'cus_4',
    status: 'returned',
    placedOn: '2025-12-28',
    items: [{ name: 'Backpack', quantity: 1, cents: 8_000 }],
  },
  {
    id: '1005',
    customerId: 'cus_5',
    status: 'placed',
    placedOn: '2026-01-11',
    items: [{ name: 'Notebook', quantity: 10, cents: 290 }],
  },
  {
    id: '1042',
    customerId: 'cus_1',
    status: 'delivered',
    placedOn: '2026-01-02',
    items: [
      { name: 'Headphones', quantity: 1, cents: 15_900 },
      { name: 'Case', quantity: 1, cents: 1_900 },
    ],
  },
]
