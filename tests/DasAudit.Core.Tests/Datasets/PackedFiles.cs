using DasAudit.Core.Datasets;

namespace DasAudit.Core.Tests.Datasets;

/// <summary>Packed pictures by other programs; see <c>Files/make_tars.py</c> and <c>make_shards.mjs</c>.</summary>
internal static class PackedFiles
{
    /// <summary>SHA-256 of p0.png … p4.png.</summary>
    public static IReadOnlyList<string> Sha256 { get; } =
    [
        "edd96e11c759ea34f803376b0f7fd953b67516e6d0ec717af0de851e202a5876",
        "16267a8875b88bad08eaa447b618913a774de3d55b7a59b71d2794d74fd1eda4",
        "ecdfe6a21596608ad7d5d48c001a4be945728950b0cb0c89716242b43f5fcb92",
        "9b222fa74d42676ce530d87f0bf171b997c3d9dc57f256b2b2a9d6b23fbf8caa",
        "cad7e769684821b4d65ed411509d837aa24b2b81fdbe07efee38a0078591d6a9",
    ];

    public static byte[] Read(string name) =>
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Datasets", "Files", name));

    public static TrainingSet Load(string path, TrainingSetOptions? options = null) =>
        TrainingSetLoader.Load(path, options ?? new(), null, TestContext.Current.CancellationToken);
}
