/** The quoted symbols, for the server and the page. */
export const symbols = [
  { symbol: 'EURUSD', price: 1.0842, digits: 5 },
  { symbol: 'GBPUSD', price: 1.2715, digits: 5 },
  { symbol: 'USDJPY', price: 151.32, digits: 3 },
  { symbol: 'USDCHF', price: 0.8843, digits: 5 },
  { symbol: 'AUDUSD', price: 0.6531, digits: 5 },
  { symbol: 'USDCAD', price: 1.3598, digits: 5 },
  { symbol: 'NZDUSD', price: 0.6012, digits: 5 },
  { symbol: 'EURGBP', price: 0.8527, digits: 5 },
];
