namespace DasAudit.Cli.Native;

/// <summary>The libtorch that this process computes with.</summary>
/// <param name="Version">What it says of itself, as <c>2.10.0</c>.</param>
/// <param name="Folder">What <see cref="LibTorch.Variable"/> names, absolute; null for the tool's own libtorch.</param>
internal sealed record LoadedLibTorch(string Version, string? Folder, bool HasCuda)
{
    /// <summary>What a report says: no path, which would mean nothing elsewhere.</summary>
    public string Description =>
        $"{Version}{(HasCuda ? " with CUDA" : "")}{(Folder is null ? "" : $", named by {LibTorch.Variable}")}";
}
