using DasAudit.Core.Training;

namespace DasAudit.Core.Tests.Audits;

/// <summary>Which retrained models an audit refuses to compare, and when.</summary>
public sealed class RetrainedRefusalTests : IDisposable
{
    private readonly RetrainedWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Models_that_cannot_be_compared_are_refused()
    {
        foreach (var id in new[] { "datamodel", "empirical-influence" })
        {
            var message = (_world.Request(id) with { Retrained = [] }).Refusal();
            Assert.Equal(
                $"The method {id} needs models retrained on parts of the dataset; train some with train {{part}} 0.5 "
                    + "{part-seed} N {output} MODELS/N, the rest as for the audited model, N = 1, 2, 3 and so on, "
                    + "and give audit {retrained} MODELS.",
                message
            );
        }

        Assert.Contains("There is no folder 'nowhere'", Refusal("nowhere"));
        Directory.CreateDirectory(_world.Folder.At("empty/unfinished"));
        Assert.Contains("'empty' holds no retrained model", Refusal("empty"));
        Assert.Contains("{part} 0.5", Refusal("empty"));
        Assert.Contains(
            "The method datamodel needs at least 5 retrained models, and there are 4;",
            Refusal("models/0", "models/1", "models/2", "models/2", "models/3")
        );
        Assert.Contains(
            "at least 2 retrained models, and there is 1;",
            (_world.Request("empirical-influence") with { Retrained = ["models/0"] }).Refusal()
        );
    }

    [Fact]
    public void A_model_of_another_dataset_is_refused()
    {
        var record = TrainingRecord.Read(_world.Folder.At("models/2"));
        (record with { Pictures = [new string('0', 64), new string('1', 64)] }).Write(_world.Folder.At("models/2"));
        _world.AssertRefused("models/2", "was trained on another dataset: none of its 2 pictures is in 'set'");
    }

    [Fact]
    public void A_model_of_another_kind_is_refused()
    {
        _world.Folder.Write("models/3/kind", "unet");
        _world.AssertRefused("models/3", "is of another kind than the audited one (");
    }

    [Fact]
    public void A_model_of_another_noise_schedule_is_refused()
    {
        _world.Folder.Write("models/3/schedule", "another");
        _world.AssertRefused("models/3", "has another noise schedule than the audited one");
    }

    [Fact]
    public void A_model_whose_loss_is_no_number_is_refused()
    {
        _world.Folder.Write(
            "models/4/theta.json",
            "[" + string.Join(',', Enumerable.Repeat("1e38", LinearModel.Features)) + "]"
        );
        _world.AssertRefused("models/4", "The loss of 'query.png' under the retrained model 'models/4' is not finite");
    }

    [Fact]
    public void A_record_that_cannot_be_read_is_refused()
    {
        _world.Folder.Write("models/1/training.json", "{ half");
        _world.AssertRefused("training.json", "does not say what its model was trained on");
    }

    [Fact]
    public void A_missing_encoder_is_said_before_any_retrained_model_is_loaded()
    {
        var loaded = new List<string>();
        var audit = _world.Request("datamodel") with
        {
            Candidates = new() { Limit = 2 },
            Adapter = new TinyAdapter(path =>
            {
                loaded.Add(Path.GetFileName(path));
                return RetrainedWorld.Load(path);
            }),
        };
        Assert.StartsWith("Without an image encoder nothing tells which 2 of the 5", audit.Refusal());
        Assert.Equal(["model"], loaded);
    }

    private string Refusal(params string[] folders) =>
        (_world.Request("datamodel") with { Retrained = folders }).Refusal();
}
