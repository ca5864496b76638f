using System.Security.Cryptography;
using System.Text;
using DasAudit.Abstractions;
using DasAudit.Core.Models;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Models;

public sealed class AuditedModelTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_checkpoint_is_loaded_once_and_its_files_are_hashed_once()
    {
        var weights = Path.Combine(_folder.Path, "weights");
        File.WriteAllText(weights, "first");
        var loaded = 0;
        var adapter = new TinyAdapter(_ =>
        {
            loaded++;
            return new ModelOfFiles([weights]);
        });
        using var audited = AuditedModel.Load(new(adapter, "1", new string('0', 64), "model", _folder.Path), CPU);

        Assert.Equal(ModelSource.Hash(audited.Model), audited.WeightsSha256);
        Assert.Equal(audited.Model.Network.parameters().Sum(p => p.numel()), audited.ParameterCount);
        // Read again it would have another hash.
        var hash = audited.WeightsSha256;
        File.WriteAllText(weights, "second");
        Assert.Equal(hash, audited.WeightsSha256);
        using (var copy = audited.Pool.Rent())
            Assert.Same(audited.Model, copy.Model);
        Assert.Equal(1, loaded);
    }

    [Fact]
    public void Its_files_are_listed_by_their_paths_within_the_checkpoint()
    {
        var unet = _folder.Write("model/unet/weights", "one");
        var lora = _folder.Write("loras/style", "two");
        var adapter = new TinyAdapter(_ => new ModelOfFiles([unet, lora]));
        using var audited = AuditedModel.Load(new(adapter, "1", "", "model", _folder.Path), CPU);

        Assert.Equal(["style", "unet/weights"], audited.Files.Select(file => file.Name));
        Assert.Equal(["two", "one"], audited.Files.Select(file => Content(file.Sha256)));

        static string Content(string sha256) =>
            new[] { "one", "two" }.Single(text =>
                Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) == sha256
            );
    }

    [Fact]
    public void The_hash_of_all_can_be_made_anew_of_the_listed_files()
    {
        var (first, second) = (_folder.Write("model/a/weights", "one"), _folder.Write("model/b/config", "two"));
        var adapter = new TinyAdapter(_ => new ModelOfFiles([second, first]));
        using var audited = AuditedModel.Load(new(adapter, "1", "", "model", _folder.Path), CPU);

        var lines = audited.Files.Select(file => $"{file.Name.Split('/')[^1]}\0{file.Sha256}\n");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines)));
        Assert.Equal(Convert.ToHexStringLower(hash), audited.WeightsSha256);
    }

    private sealed class ModelOfFiles(IReadOnlyList<string> files) : IDiffusionModel
    {
        private readonly TinyUnet _model = new();

        public nn.Module Network => _model.Network;

        public IForwardProcess Process => _model.Process;

        public ImageShape PictureShape => _model.PictureShape;

        public IReadOnlyList<string> Files => files;

        public Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null) =>
            _model.Predict(noisy, timesteps, condition);

        public void Dispose() => _model.Dispose();
    }
}
