using System.Text.Json;

namespace DasAudit.Cli.Native;

/// <summary>
/// The LibTorchSharp that goes with a libtorch: the tool's own, or one that was compiled for another version and says
/// so in a record beside it.
/// </summary>
/// <param name="Path">Absolute.</param>
/// <param name="LibTorchVersion">What it was compiled for, such as <c>2.11.0</c>; the tool's own <c>2.10</c>.</param>
internal sealed record LibTorchBridge(string Path, string LibTorchVersion, bool IsOwn)
{
    /// <summary>The library's file name, and the name inside it.</summary>
    public const string File = "libLibTorchSharp.so";

    /// <summary>What says beside it what it was compiled for and from.</summary>
    public const string RecordFile = "libLibTorchSharp.json";

    /// <summary>The variable that names it, or its folder, where it does not lie beside the libtorch.</summary>
    public const string Variable = "DASAUDIT_LIBTORCHSHARP";

    /// <summary>The one for a libtorch.</summary>
    /// <param name="folder">The libtorch's, absolute.</param>
    /// <exception cref="AuditException">
    /// One is named or there, and does not say what it is, or is of another TorchSharp.
    /// </exception>
    public static LibTorchBridge Find(Surroundings surroundings, string folder, NativeLibraries libraries)
    {
        var named = surroundings.Variable(Variable) is { } name ? surroundings.Resolve(name) : folder;
        var path = Directory.Exists(named) ? System.IO.Path.Combine(named, File) : named;
        if (System.IO.File.Exists(path))
            return Read(path);
        if (surroundings.Variable(Variable) is { } missing)
            throw new AuditException(
                $"{Variable}: there is no {File} at '{missing}'; name the file or its folder, or unset the variable."
            );
        var own = System.IO.Path.Combine("libtorch", File);
        return new(libraries.Find(libraries.Holds(own) ? own : File), LibTorch.Version, IsOwn: true);
    }

    /// <summary>Whether it was compiled for such a libtorch: of the same major and minor version.</summary>
    public bool Fits(string version)
    {
        var minor = string.Join('.', LibTorchVersion.Split('.').Take(2));
        return version.StartsWith(minor + ".", StringComparison.Ordinal);
    }

    private static LibTorchBridge Read(string path)
    {
        var recordPath = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, RecordFile);
        BridgeRecord? record;
        try
        {
            record = JsonSerializer.Deserialize<BridgeRecord>(
                System.IO.File.ReadAllBytes(recordPath),
                JsonSerializerOptions.Web
            );
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            record = null;
        }
        if (record is not { LibTorch: { } libTorch, TorchSharp: { } torchSharp })
            throw new AuditException(
                $"'{path}' does not say which libtorch it was compiled for, in {RecordFile} beside it; compile it with "
                    + "das-audit doctor --build-bridge FOLDER."
            );
        if (torchSharp != TorchSharpVersion)
            throw new AuditException(
                $"'{path}' was compiled from TorchSharp {torchSharp}, and das-audit has {TorchSharpVersion}; "
                    + "compile it "
                    + "again with das-audit doctor --build-bridge FOLDER."
            );
        return new(path, libTorch, IsOwn: false);
    }

    /// <summary>Of the TorchSharp that comes with the tool.</summary>
    public static string TorchSharpVersion => typeof(TorchSharp.torch).Assembly.GetName().Version!.ToString(3);

    private sealed record BridgeRecord(string? LibTorch, string? TorchSharp);
}
