using DasAudit.Abstractions;

namespace DasAudit.Clip.Tests;

public sealed class EncoderWeightsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Refusal(string model) =>
        Assert.Throws<AuditException>(() => EncoderWeights.Of(model)).Message;

    /// <summary>A model whose weights lie elsewhere, the location replaced by one of the same length.</summary>
    private string External(string location = "weights.bin")
    {
        var bytes = File.ReadAllBytes(Models.PathOf("external"));
        var at = bytes.AsSpan().IndexOf("weights.bin"u8);
        System.Text.Encoding.UTF8.GetBytes(location, bytes.AsSpan(at, "weights.bin".Length));
        return _folder.Write("model.onnx", bytes);
    }

    [Fact]
    public void External_data_are_found_wherever_a_tensor_stands() =>
        Assert.Equal(
            [
                "attribute-graphs",
                "attribute-sparse-tensor",
                "attribute-sparse-tensors",
                "attribute-tensors",
                "function",
                "initializer",
                "sparse-indices",
                "sparse-values",
                "sub-graph/constant",
                "sub-graph/initializer",
                "training-algorithm",
                "training-initialization",
            ],
            OnnxExternalData.LocationsIn(Models.PathOf("external-everywhere"))
        );

    [Fact]
    public void Models_without_external_data_have_none()
    {
        foreach (var model in (string[])["dynamic", "quantised", "both-towers", "hidden"])
            Assert.Empty(OnnxExternalData.LocationsIn(Models.PathOf(model)));
    }

    [Fact]
    public void The_hash_follows_weights_of_any_name()
    {
        var model = External();
        _folder.Write("weights.bin", Models.WeightBytes());
        var first = EncoderWeights.Of(model).Hash("");
        Assert.Equal(first, EncoderWeights.Of(model).Hash(""));
        _folder.Write("weights.bin", Models.WeightBytes(scale: 2));
        Assert.NotEqual(first, EncoderWeights.Of(model).Hash(""));
    }

    [Fact]
    public void Files_that_the_model_does_not_refer_to_do_not_count()
    {
        var model = _folder.Write("model.onnx", File.ReadAllBytes(Models.PathOf("dynamic")));
        var alone = EncoderWeights.Of(model).Hash("");
        _folder.Write("model.onnx_data", "another model's");
        Assert.Equal(alone, EncoderWeights.Of(model).Hash(""));
    }

    [Theory]
    [InlineData("../ghts.bin")]
    [InlineData("/eights.bin")]
    [InlineData("weight/../.")]
    [InlineData("weight\0.bin")]
    public void A_location_outside_the_folder_is_refused(string location)
    {
        Assert.Contains("refers to weights outside its folder", Refusal(External(location)), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_weights_and_pointers_to_them_have_a_sentence()
    {
        var model = External();
        Assert.Contains("keeps weights in 'weights.bin', which is not there", Refusal(model), StringComparison.Ordinal);
        _folder.Write("weights.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 48\n");
        Assert.Contains("weights.bin' is a Git LFS pointer", Refusal(model), StringComparison.Ordinal);
        _folder.Write("model.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 48\n");
        Assert.Contains("model.onnx' is a Git LFS pointer", Refusal(model), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_model_has_a_sentence_wherever_it_is_cut()
    {
        var whole = File.ReadAllBytes(Models.PathOf("external-everywhere"));
        for (var length = 1; length < whole.Length; length++)
        {
            var model = _folder.Write("cut.onnx", whole[..length]);
            // A cut between two fields leaves a message; it may name files, which are not there.
            var error = Record.Exception(() => EncoderWeights.Of(model));
            Assert.True(error is null or AuditException, $"{length}: {error}");
        }
    }
}
