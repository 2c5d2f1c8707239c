/** Small bars, one a value, the highest as high as the box; the numbers themselves stand beside it. */
export function Sparkline({ values, label }: { readonly values: readonly number[]; readonly label: string }) {
  const highest = Math.max(1, ...values);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${Math.max(1, values.length)} 10`}
      preserveAspectRatio="none"
      style={{ width: '100%', height: 36, marginTop: 12, display: 'block' }}
    >
      {values.map((value, index) => {
        const height = value === 0 ? 0 : Math.max(0.4, (value / highest) * 10);
        return (
          <rect
            key={index}
            x={index + 0.1}
            y={10 - height}
            width={0.8}
            height={height}
            fill="var(--level-info)"
            opacity={0.65}
          />
        );
      })}
    </svg>
  );
}
