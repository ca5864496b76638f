namespace DasAudit.Core.Datasets;

/// <summary>A file in a tar file.</summary>
/// <param name="Name">As it is called there, without a leading <c>./</c>.</param>
/// <param name="Offset">Where its bytes begin.</param>
/// <param name="Length">How many bytes it has.</param>
internal sealed record TarMember(string Name, long Offset, long Length)
{
    /// <summary>What all files of one sample share: the name up to the first dot after its folders.</summary>
    public string Key => Name[..FirstDot];

    /// <summary>The name from behind that dot, such as <c>jpg</c> or <c>seg.png</c>.</summary>
    public string Ending => Name[Math.Min(Name.Length, FirstDot + 1)..];

    private int FirstDot
    {
        get
        {
            var dot = Name.IndexOf('.', Name.LastIndexOf('/') + 1);
            return dot < 0 ? Name.Length : dot;
        }
    }
}
