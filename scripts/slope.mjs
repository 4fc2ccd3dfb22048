/** Returns the slope of the line through the points by least squares. */
export function slope(points) {
  const [meanX, meanY] = [0, 1].map((axis) => points.reduce((total, point) => total + point[axis], 0) / points.length);
  const [top, bottom] = points.reduce(([a, b], [x, y]) => [a + (x - meanX) * (y - meanY), b + (x - meanX) ** 2], [0, 0]);
  return bottom === 0 ? 0 : top / bottom;
}
