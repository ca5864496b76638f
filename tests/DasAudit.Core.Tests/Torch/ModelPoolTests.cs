using DasAudit.Abstractions;
using DasAudit.Core.Torch;
using DasAudit.Testing;

namespace DasAudit.Core.Tests.Torch;

public sealed class ModelPoolTests : IDisposable
{
    private readonly List<TrackedModel> _loaded = [];
    private readonly ModelPool _pool;

    public ModelPoolTests() =>
        _pool = new(() =>
        {
            var model = new TrackedModel();
            _loaded.Add(model);
            return model;
        });

    [Fact]
    public void A_copy_is_loaded_only_when_none_is_idle_and_the_first_is_rented_first()
    {
        IDiffusionModel first;
        using (var copy = _pool.Rent())
        {
            first = copy.Model;
            using var second = _pool.Rent();
            Assert.NotSame(first, second.Model);
        }

        using var again = _pool.Rent();
        Assert.Same(first, again.Model);
        Assert.Equal(2, _loaded.Count);
    }

    [Fact]
    public void Trimming_and_disposing_unload_the_later_copies_first_and_each_once()
    {
        var copies = Enumerable.Range(0, 3).Select(_ => _pool.Rent()).ToList();
        copies.ForEach(copy => copy.Dispose());

        _pool.Trim(1);
        Assert.Equal([0, 1, 1], _loaded.Select(model => model.Disposals));
        _pool.Dispose();
        Assert.Equal([1, 1, 1], _loaded.Select(model => model.Disposals));
    }

    [Fact]
    public void A_copy_is_rented_again_as_it_was_loaded()
    {
        using (var copy = _pool.Rent())
        {
            var parameters = copy.Model.Network.parameters().ToList();
            using var sum = parameters[0].sum();
            sum.backward();
            parameters.ForEach(parameter => parameter.requires_grad_(false));
        }

        using var again = _pool.Rent();
        Assert.All(again.Model.Network.parameters(), parameter => Assert.True(parameter.requires_grad));
        Assert.Null(again.Model.Network.parameters().First().grad);
    }

    [Fact]
    public void A_copy_to_change_is_never_rented_to_another()
    {
        using (var copy = _pool.LoadToChange())
            Assert.Same(_loaded[0], copy.Model);
        Assert.Equal(1, _loaded[0].Disposals);

        using var other = _pool.Rent();
        Assert.Same(_loaded[1], other.Model);
    }

    [Fact]
    public void A_copy_whose_user_cannot_be_made_is_idle_again()
    {
        Assert.Throws<AuditException>(() => _pool.Lend<object>(_ => throw new AuditException("no use")));

        using var copy = _pool.Rent();
        Assert.Single(_loaded);
    }

    [Fact]
    public void Copies_are_loaded_by_one_thread_at_a_time()
    {
        var (loading, most) = (0, 0);
        using var pool = new ModelPool(() =>
        {
            most = Math.Max(most, Interlocked.Increment(ref loading));
            Thread.Sleep(20);
            Interlocked.Decrement(ref loading);
            return new TinyUnet();
        });
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() => pool.Rent().Dispose())).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(1, most);
    }

    public void Dispose() => _pool.Dispose();

    private sealed class TrackedModel : IDiffusionModel
    {
        private readonly TinyUnet _model = new();

        public int Disposals { get; private set; }

        public TorchSharp.torch.nn.Module Network => _model.Network;

        public IForwardProcess Process => _model.Process;

        public ImageShape PictureShape => _model.PictureShape;

        public IReadOnlyList<string> Files => _model.Files;

        public TorchSharp.torch.Tensor Predict(
            TorchSharp.torch.Tensor noisy,
            TorchSharp.torch.Tensor timesteps,
            ConditionTensors? condition = null
        ) => _model.Predict(noisy, timesteps, condition);

        public void Dispose()
        {
            Disposals++;
            _model.Dispose();
        }
    }
}
