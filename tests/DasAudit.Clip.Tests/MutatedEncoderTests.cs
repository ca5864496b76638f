using DasAudit.Abstractions;

namespace DasAudit.Clip.Tests;

/// <summary>Damaged encoders and files beside them: refused in a sentence, or they encode.</summary>
public sealed class MutatedEncoderTests : IDisposable
{
    private const string Model = "model.onnx";
    private const string Preprocessing = "preprocessor_config.json";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("both-towers")]
    [InlineData("external-usual")]
    [InlineData("hidden")]
    [InlineData("quantised")]
    public void An_encoder(string name) => AssertAnswered(Model, File.ReadAllBytes(Models.PathOf(name)), name);

    [Fact]
    public void What_says_how_pictures_are_prepared()
    {
        var sound =
            """
            {"crop_size": {"height": 8, "width": 8}, "do_center_crop": true, "do_resize": true, "do_rescale": true,
             "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "resample": 3, "size": {"shortest_edge": 8}}
            """u8;
        AssertAnswered(Preprocessing, sound.ToArray(), "dynamic");
    }

    private void AssertAnswered(string file, byte[] sound, string model)
    {
        var faults = new List<string>();
        for (var seed = 0; seed < Mutation.Count; seed++)
        {
            File.Copy(Models.PathOf(model), _folder[Model], overwrite: true);
            _folder.Write(Preprocessing, Models.NoPreprocessing);
            File.WriteAllBytes(_folder[file], Mutation.Of(sound, seed));
            if (Fault() is { } fault)
                faults.Add($"{model}, {file}, seed {seed}: {fault}");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    // What else than a refusal came of it; null for nothing.
    private string? Fault()
    {
        try
        {
            using var encoder = OnnxImageEncoder.Open(_folder.Path, threads: 1);
            encoder.Encode([Models.Pattern(1)], TestContext.Current.CancellationToken);
            return null;
        }
        catch (AuditException)
        {
            return null;
        }
        catch (Exception e)
        {
            return e.ToString();
        }
    }
}
