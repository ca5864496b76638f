namespace DasAudit.Core.Attribution.Kernel;

/// <summary>
/// Keeps eigendecompositions for further queries with the same training pictures: of one set of pictures at a time, as
/// many as there is room for, the first ones first, since every query asks for all of them in the same order.
/// </summary>
/// <param name="mostNumbers">Numbers of 8 bytes to keep at most. Default 2²⁶.</param>
internal sealed class SpectrumCache(long mostNumbers = SpectrumCache.MostNumbers) : IDisposable
{
    public const long MostNumbers = 1L << 26;

    private readonly Dictionary<(object Source, string Kinds, int Row), Spectrum> _spectra = [];
    private KernelPictures? _pictures;
    private long _numbers;

    /// <summary>How many decompositions were computed.</summary>
    public int Computed { get; private set; }

    /// <summary>The decomposition of a kernel, computed or kept, which the caller disposes.</summary>
    /// <param name="source">Where the features come from; compared by itself.</param>
    public Spectrum Of(KernelPictures pictures, object source, string kinds, int row, Func<Spectrum> compute)
    {
        if (!pictures.Equals(_pictures))
            Clear();
        _pictures = pictures;
        if (_spectra.TryGetValue((source, kinds, row), out var computed))
            return computed.Share();
        var spectrum = compute();
        Computed++;
        if (_numbers + spectrum.Numbers <= mostNumbers)
        {
            _numbers += spectrum.Numbers;
            _spectra.Add((source, kinds, row), spectrum.Share());
        }

        return spectrum;
    }

    public void Dispose() => Clear();

    private void Clear()
    {
        foreach (var spectrum in _spectra.Values)
            spectrum.Dispose();
        _spectra.Clear();
        _numbers = 0;
    }
}
