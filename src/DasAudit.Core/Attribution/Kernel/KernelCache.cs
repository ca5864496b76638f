using static TorchSharp.torch;

namespace DasAudit.Core.Attribution.Kernel;

/// <summary>
/// Keeps kernels' features and eigendecompositions for further queries with the same training pictures: of one set of
/// pictures at a time, as many as there is room for, the first ones first, since every query asks for all of them in
/// the same order.
/// </summary>
/// <param name="featureRoom">Numbers of 8 bytes of features to keep at most.</param>
internal sealed class KernelCache(long featureRoom) : IDisposable
{
    /// <summary>Numbers of 8 bytes of eigendecompositions that are kept at most.</summary>
    public const long SpectrumRoom = 1L << 26;

    private readonly Dictionary<(object Source, string Kinds, int Row), Spectrum> _spectra = [];
    private readonly Dictionary<(object Source, string Kinds, int Row), Tensor> _matrices = [];
    private KernelPictures? _pictures;
    private long _numbers;
    private long _matrixNumbers;

    /// <summary>Numbers of 8 bytes of features to keep for so many queries: for one alone it is not worth it.</summary>
    public static long FeatureRoom(int queries) => queries > 1 ? 1L << 26 : 0;

    /// <summary>How many decompositions were computed.</summary>
    public int Computed { get; private set; }

    /// <summary>The decomposition of a kernel, computed or kept, which the caller disposes.</summary>
    /// <param name="source">Where the features come from; compared by itself.</param>
    public Spectrum Of(KernelPictures pictures, object source, string kinds, int row, Func<Spectrum> compute)
    {
        Select(pictures);
        if (_spectra.TryGetValue((source, kinds, row), out var computed))
            return computed.Share();
        var spectrum = compute();
        Computed++;
        if (_numbers + spectrum.Numbers <= SpectrumRoom)
        {
            _numbers += spectrum.Numbers;
            _spectra.Add((source, kinds, row), spectrum.Share());
        }

        return spectrum;
    }

    /// <summary>Φ of a kernel, read or kept, in the caller's dispose scope; not to be changed.</summary>
    /// <param name="source">Where the features come from; compared by itself.</param>
    public Tensor Matrix(KernelPictures pictures, object source, string kinds, int row, Func<Tensor> read)
    {
        Select(pictures);
        if (_matrices.TryGetValue((source, kinds, row), out var cached))
            return cached.alias();
        var matrix = read();
        if (_matrixNumbers + matrix.numel() <= featureRoom)
        {
            _matrixNumbers += matrix.numel();
            _matrices.Add((source, kinds, row), matrix.alias().DetachFromDisposeScope());
        }

        return matrix;
    }

    public void Dispose() => Clear();

    private void Select(KernelPictures pictures)
    {
        if (!pictures.Equals(_pictures))
            Clear();
        _pictures = pictures;
    }

    private void Clear()
    {
        foreach (var spectrum in _spectra.Values)
            spectrum.Dispose();
        foreach (var matrix in _matrices.Values)
            matrix.Dispose();
        _spectra.Clear();
        _matrices.Clear();
        (_numbers, _matrixNumbers) = (0, 0);
    }
}
