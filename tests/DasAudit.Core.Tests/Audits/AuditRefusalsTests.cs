using DasAudit.Abstractions;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Audits;
using DasAudit.Core.Gradients;
using DasAudit.Core.Pictures;
using DasAudit.Safetensors;
using TorchSharp;

namespace DasAudit.Core.Tests.Audits;

/// <summary>What is refused when the audit is asked for, before a picture is read or a model is loaded.</summary>
public sealed class AuditRefusalsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public AuditRefusalsTests()
    {
        _folder.WritePictures("set", 0, 3);
        _folder.Write("query.png", TestPictures.Png(2, 8, 8));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_dataset_or_other_folder()
    {
        Refuses("The dataset folder 'nowhere' does not exist", Audit("das") with { Dataset = "nowhere" });
        Refuses("The dataset folder 'nowhere' does not exist", Audit("das") with { Decoys = "nowhere" });
        Refuses("The dataset folder 'nowhere' does not exist", Audit("das") with { NullQueries = "nowhere" });
        Refuses("There is no folder 'nowhere'", Audit("datamodel") with { Retrained = ["nowhere"] });
        Refuses("needs models retrained on parts", Audit("datamodel"));
    }

    [Fact]
    public void A_method_without_what_it_needs()
    {
        Refuses("give an image encoder with {encoder}", Audit("das", "clip"));
        Refuses("journey-trak needs the sampling trajectory", Audit("journey-trak"));
        Refuses("gcv needs a method", Audit("das") with { Method = new() { Damping = new CrossValidation() } });
        var oneDraw = Audit("das") with { Gradients = TestAudit.Passes(2, 1, 64) };
        Refuses("recall compares noise draws", oneDraw with { Method = new() { Damping = new Recall() } });
    }

    [Fact]
    public void Choices_of_parameters_and_a_metric_where_no_method_takes_gradients()
    {
        var parameters = TestAudit.Passes(2, 2, 64) with { Parameters = "conv" };
        Refuses("No method that was asked for looks at {parameters}", Audit("pixel") with { Gradients = parameters });
        Refuses(
            "No method that was asked for looks at {parameters}",
            Audit("activation-ridge") with
            {
                Gradients = parameters,
            }
        );
        SafetensorsWriter.Write(_folder["moments.safetensors"], [("w", torch.ones(2))]);
        var metric = TestAudit.Passes(2, 2, 64) with { Metric = AdamMetric.Open(_folder["moments.safetensors"]) };
        Refuses("No method that was asked for looks at {metric}", Audit("ekfac") with { Gradients = metric });
        var negative = Audit("journey-trak") with { Images = ["seed-1.png"], NegativePrompt = "x" };
        Refuses("follows the sampling that each picture states", negative);
    }

    [Fact]
    public void Settings_that_allow_no_audit()
    {
        Refuses("0 candidates cannot be chosen", Audit("das") with { Candidates = new() { Limit = 0 } });
        var wrong = TestAudit.Passes(2, 2, 64) with { Parameters = "(" };
        Refuses("is no regular expression", Audit("das") with { Gradients = wrong });
        var both = Audit("das") with
        {
            Decoys = "split:test",
            DatasetOptions = new() { Split = "test" },
        };
        Refuses("cannot be both the training pictures and the decoys", both);
    }

    [Fact]
    public void Buckets_where_pictures_must_have_one_shape()
    {
        var buckets = Audit("das", "pixel-dot") with { DatasetOptions = new() { Resize = ResizeMode.Bucket } };
        Refuses("pixel-dot compares pictures place by place", buckets);
        var activations = Audit("das", "activation-ridge") with { DatasetOptions = buckets.DatasetOptions };
        Refuses("activation-ridge compares pictures place by place", activations);
        var region = Audit("das") with
        {
            DatasetOptions = buckets.DatasetOptions,
            Region = RegionChoice.Parse("0,0,4,4"),
        };
        Refuses("A {region} is looked at in pictures of one shape", region);
    }

    [Fact]
    public void Buckets_for_a_model_of_one_shape()
    {
        using var model = new TinyUnet();
        var request = (Audit("das") with { DatasetOptions = new() { Resize = ResizeMode.Bucket } }).Request();
        var error = Assert.Throws<AuditException>(() => AuditRefusals.CheckModel(request, model));
        Assert.Contains("takes pictures of 8×8 alone", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_function_that_weighs_by_betas_for_a_model_without()
    {
        var audit = TestAudit.Of(_folder, "das", "d-trak:weighted-mse") with
        {
            Dataset = "empty",
            Adapter = new TinyAdapter(_ => new FlowModel()),
        };
        // The refusal of the dataset comes later.
        Directory.CreateDirectory(_folder["empty"]);
        Assert.Contains("which the samplers and weighted-mse need", audit.Refusal(), StringComparison.Ordinal);
        Assert.Contains(
            "holds no",
            (audit with { Methods = [.. audit.Methods.Take(1)] }).Refusal(),
            StringComparison.Ordinal
        );
    }

    private TestAudit Audit(params string[] methods) =>
        TestAudit.Of(_folder, methods) with
        {
            Adapter = new TinyAdapter(_ => throw new InvalidOperationException("The model was loaded.")),
        };

    private static void Refuses(string sentence, TestAudit audit)
    {
        var pipeline = new AuditPipeline(TimeProvider.System, null);
        var error = Assert.Throws<AuditException>(() => pipeline.Run(audit.Request(), CancellationToken.None));
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    /// <summary>A model of rectified flow, whose noise levels are no betas.</summary>
    private sealed class FlowModel : IDiffusionModel
    {
        private readonly TinyUnet _network = new(3);

        public torch.nn.Module Network => _network.Network;

        public IForwardProcess Process { get; } = new Flow();

        public ImageShape PictureShape => _network.PictureShape;

        public IReadOnlyList<string> Files => [];

        public torch.Tensor Predict(torch.Tensor noisy, torch.Tensor timesteps, ConditionTensors? condition = null) =>
            _network.Predict(noisy, timesteps);

        public void Dispose() => _network.Dispose();
    }

    private sealed class Flow : IForwardProcess
    {
        private readonly float[] _sigmas = [.. Enumerable.Range(1, 1000).Select(t => t / 1000f)];

        public int TrainTimesteps => _sigmas.Length;

        public string Prediction => "flow";

        public ReadOnlySpan<float> Levels => _sigmas;

        public torch.Tensor AddNoise(torch.Tensor clean, torch.Tensor noise, torch.Tensor timesteps) =>
            throw new InvalidOperationException("A gradient was taken.");

        public torch.Tensor Target(torch.Tensor clean, torch.Tensor noise, torch.Tensor timesteps) =>
            throw new InvalidOperationException("A gradient was taken.");

        public double SignalToNoise(int timestep) => Math.Pow((1 - _sigmas[timestep]) / _sigmas[timestep], 2);
    }
}
