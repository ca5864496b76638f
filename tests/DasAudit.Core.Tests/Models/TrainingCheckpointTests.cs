using DasAudit.Abstractions;
using DasAudit.Core.Models;
using TorchSharp;

namespace DasAudit.Core.Tests.Models;

public sealed class TrainingCheckpointTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_that_knows_its_own_is_asked_and_else_those_of_train_are_found()
    {
        Write("model/checkpoints/0000010", 10);
        var source = Source("model");
        using var plain = new TinyUnet();
        using var keeps = new KeepingModel(plain, [new("/elsewhere/5", 5, 20, 0.1), new("/elsewhere/9", 9, 20, 0.05)]);

        Assert.Equal([10], TrainingCheckpoint.Of(source, plain).Select(checkpoint => checkpoint.Step));
        Assert.Equal(
            [new("/elsewhere/5", 5, 20, 0.1), new("/elsewhere/9", 9, 20, 0.05)],
            TrainingCheckpoint.Of(source, keeps)
        );
    }

    [Fact]
    public void It_stands_for_the_whole_model_or_for_the_LoRA_that_was_trained()
    {
        Write("lora/checkpoints/0000010", 10);
        var whole = Source("model");
        var withLora = whole with { Loras = [new("lora/weights.safetensors", 0.5)] };
        _folder.Write("lora/weights.safetensors", "");
        using var model = new TinyUnet();

        var checkpoint = Assert.Single(TrainingCheckpoint.Of(withLora, model));

        Assert.Equal(_folder["lora/checkpoints/0000010"], checkpoint.Folder);
        Assert.Equal([new(checkpoint.Folder, 0.5)], checkpoint.Of(withLora).Loras);
        Assert.Equal("model", checkpoint.Of(withLora).Path);
        Assert.Equal(checkpoint.Folder, checkpoint.Of(whole).Path);
    }

    private ModelSource Source(string path) => new(new TinyAdapter(), "1", "", path, _folder.Path);

    private void Write(string folder, int step) =>
        _folder.Write(
            $"{folder}/checkpoint.json",
            $$"""{"schema": "das-audit/checkpoint/1", "step": {{step}}, "steps": 20, "learningRate": 0.1}"""
        );

    /// <summary>A model whose family keeps earlier states in its own way.</summary>
    private sealed class KeepingModel(IDiffusionModel inner, IReadOnlyList<ModelCheckpoint> checkpoints)
        : IDiffusionModel,
            ICheckpointed
    {
        public IReadOnlyList<ModelCheckpoint> Checkpoints => checkpoints;

        public torch.nn.Module Network => inner.Network;

        public IForwardProcess Process => inner.Process;

        public ImageShape PictureShape => inner.PictureShape;

        public IReadOnlyList<string> Files => inner.Files;

        public torch.Tensor Predict(torch.Tensor noisy, torch.Tensor timesteps, ConditionTensors? condition = null) =>
            inner.Predict(noisy, timesteps, condition);

        public void Dispose() { }
    }
}
