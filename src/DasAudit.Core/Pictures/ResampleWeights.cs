namespace DasAudit.Core.Pictures;

/// <summary>Which input positions make an output position along one axis: Pillow's <c>precompute_coeffs</c>.</summary>
internal sealed class ResampleWeights
{
    /// <summary>Fractional bits of a weight.</summary>
    public const int PrecisionBits = 22;

    private readonly int _stride;
    private readonly int[] _values;
    private readonly int[] _firsts;
    private readonly int[] _counts;

    /// <summary>Weights of <paramref name="count"/> output positions from <paramref name="start"/> on.</summary>
    public ResampleWeights(int size, long newSize, long start, int count, ResampleFilter filter)
    {
        var (kernel, halfWidth) = filter switch
        {
            ResampleFilter.Bilinear => ((Func<double, double>)Triangle, 1.0),
            ResampleFilter.Bicubic => (Cubic, 2.0),
            ResampleFilter.Lanczos => (Lanczos, 3.0),
            ResampleFilter.Box => (Box, 0.5),
            ResampleFilter.Hamming => (Hamming, 1.0),
            _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "No such filter."),
        };
        var scale = (double)size / newSize;
        var widening = Math.Max(scale, 1);
        var support = halfWidth * widening;
        _stride = (int)Math.Ceiling(support) * 2 + 1;
        _values = new int[checked(count * _stride)];
        _firsts = new int[count];
        _counts = new int[count];
        var exact = new double[_stride];
        for (var i = 0; i < count; i++)
        {
            var center = (i + start + 0.5) * scale;
            var first = Math.Max((int)(center - support + 0.5), 0);
            var taps = Math.Min((int)(center + support + 0.5), size) - first;
            _firsts[i] = first;
            _counts[i] = taps;
            var total = 0.0;
            for (var j = 0; j < taps; j++)
            {
                exact[j] = kernel((j + first - center + 0.5) * (1 / widening));
                total += exact[j];
            }

            for (var j = 0; j < taps; j++)
                _values[i * _stride + j] = ToFixedPoint(total != 0 ? exact[j] / total : exact[j]);
        }
    }

    public int Count => _counts.Length;

    /// <summary>First input position that any output position reads.</summary>
    public int First => _firsts[0];

    /// <summary>One past the last input position that any output position reads.</summary>
    public int End => _firsts[^1] + _counts[^1];

    /// <summary>Weights of an output position in units of 2^−22, from input <paramref name="first"/> on.</summary>
    public ReadOnlySpan<int> Of(int i, out int first)
    {
        first = _firsts[i];
        return _values.AsSpan(i * _stride, _counts[i]);
    }

    private static int ToFixedPoint(double weight)
    {
        var scaled = weight * (1 << PrecisionBits);
        return (int)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }

    private static double Triangle(double x) => Math.Max(1 - Math.Abs(x), 0);

    private static double Cubic(double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        if (x < 1)
            return ((a + 2) * x - (a + 3)) * x * x + 1;
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }

    private static double Lanczos(double x) => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0;

    private static double Box(double x) => x is > -0.5 and <= 0.5 ? 1 : 0;

    private static double Hamming(double x)
    {
        x = Math.Abs(x);
        return x < 1 ? Sinc(x) * (0.54 + 0.46 * Math.Cos(x * Math.PI)) : 0;
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);
}
