using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using DasAudit.Core.Pictures;

namespace DasAudit.Clip.Tests;

/// <summary>Against Pillow 9.4.0 and numpy 1.24.2; see <c>Goldens/preprocess.py</c>.</summary>
public sealed class PillowTests : IDisposable
{
    private static readonly JsonElement[] Cases =
    [
        .. JsonDocument
            .Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Goldens", "preprocess.json")))
            .RootElement.EnumerateArray(),
    ];

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Names => [.. Cases.Select(c => c.GetProperty("name").GetString()!)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_preprocessing_file_gives_Pillows_bytes_and_numpys_values(string name)
    {
        var golden = Cases.Single(c => c.GetProperty("name").GetString() == name);
        var file = golden.GetProperty("file").GetString()!;
        var path = _folder.Write(file, golden.GetProperty("config").GetRawText());
        var preprocessing = PreprocessingFiles.Read(path, file);
        Assert.Empty(preprocessing.Assumptions);
        var preprocessor = new ImagePreprocessor(preprocessing.Settings);
        foreach (var result in golden.GetProperty("results").EnumerateArray())
        {
            var (width, height) = (result.GetProperty("width").GetInt32(), result.GetProperty("height").GetInt32());
            var crop = preprocessor.Crop(Models.Formula(width, height));
            Assert.Equal((width, height, Of(result, "crop")), (width, height, Sha(crop.Rgb)));
            var values = preprocessor.Normalise(crop);
            Assert.Equal((width, height, Of(result, "values")), (width, height, Sha(values)));
        }
    }

    private static string Of(JsonElement result, string name) => result.GetProperty(name).GetString()!;

    private static string Sha(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string Sha(float[] values) => Sha(MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
}
